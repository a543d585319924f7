import { HiveError, type FinishedSession, type ScenarioRow, type SessionRow } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { isHistogram } from '../../readable-histograms.js';
import { publish } from '../../sessions/live-topic.js';
import type { RunnerParts } from '../../sessions/runner-parts.js';
import type { Store, StoredData } from '../../store/store.js';
import { checkSavable, keepTargetOfResults, type TargetPlace } from '../../targets/keep-target.js';
import { createTurns } from '../../turns.js';
import { weightOf } from '../../weight.js';
import type { Verb } from '../verb.js';

/** Windows that go into the store at once: the embedded database works in this thread, and others wait for their turn. */
const BATCH = 25;
/** What is heavier fits into no answer, bytes: a run without its windows, and a session beside its runs. */
const MOST_RUN_WEIGHT = 1024 * 1024;
const MOST_SESSION_WEIGHT = 256 * 1024;

/**
 * Keeps a session that another process has measured, as if it had been measured here, whole or not at all, and tells the feed what came of
 * it. A target that is stored already stays as it is.
 * Throws HiveError `conflict` when it is kept already, `refused_by_safety` for a target that may not be dialled from here.
 */
export function keepSession(parts: RunnerParts & TargetPlace): Verb<FinishedSession, SessionRow> {
  const { store, log, allowTargets } = parts;
  return async (actor, finished) => {
    demand(actor, 'run');
    const { target, session, scenarios } = finished;
    const turn = createTurns();
    refuseHeavy('session', session, MOST_SESSION_WEIGHT);
    for (const [index, one] of scenarios.entries()) {
      refuseHeavy(`scenarios.${index}`, [one.scenario, one.result], MOST_RUN_WEIGHT);
      refuseUnreadable(one, index);
      await turn();
    }
    await refuseKnown(store, finished);
    await checkSavable(target, allowTargets);
    const row: SessionRow = { ...session, target_id: target.id };
    const kept = await store.atomically(async (whole) => {
      await keepTargetOfResults({ store: whole, log }, target);
      await whole.createSession(row);
      const rows: ScenarioRow[] = [];
      for (const one of scenarios) rows.push(await keepScenario(whole, one, { session: row, turn }));
      return rows;
    });
    for (const scenario of kept) {
      await publish(parts, { type: 'scenario_completed', data: { session_id: row.id, scenario } });
      await turn();
    }
    for (const limit of row.limits) {
      const data = { session_id: row.id, target_id: target.id, limit };
      await publish(parts, { type: 'limit_updated', data });
    }
    await publish(parts, { type: 'session_completed', data: { session: row } });
    log.info({ session_id: row.id, target: target.id, scenarios: scenarios.length }, 'session of another process kept');
    return row;
  };
}

async function keepScenario(
  store: StoredData,
  { startedAt, scenario, result, windows, ...histograms }: FinishedSession['scenarios'][number],
  { session: { id: sessionId, target_id: targetId }, turn }: { session: SessionRow; turn: () => Promise<void> },
): Promise<ScenarioRow> {
  await store.createScenario({ ...scenario, targetId }, sessionId, new Date(startedAt));
  const ids = { scenarioId: scenario.id, sessionId, targetId };
  for (let from = 0; from < windows.length; from += BATCH) {
    const batch = windows.slice(from, from + BATCH);
    await store.appendWindows(batch.map(({ window, ...own }) => ({ window: { ...window, ...ids }, ...asBytes(own) })));
    await turn();
  }
  return store.completeScenario(scenario.id, result, asBytes(histograms));
}

/** It could be stored, and never be shown. @throws HiveError `validation` naming the field. */
function refuseHeavy(field: string, value: unknown, most: number): void {
  if (weightOf(value, most) <= most) return;
  const message = `is larger than ${most / 1024} KiB without windows`;
  throw new HiveError('validation', `${field}: ${message}`, { details: { problems: [{ field, message }] } });
}

/** It would be stored, and missing from every summary. @throws HiveError `validation` naming the field. */
function refuseUnreadable(one: FinishedSession['scenarios'][number], index: number): void {
  const encoded = asBytes(one);
  for (const name of ['responseTime', 'serviceTime'] as const) {
    const bytes = encoded[name];
    if (bytes === null || isHistogram(bytes)) continue;
    const field = `scenarios.${index}.${name}`;
    const message = 'is not an HdrHistogram (V2, compressed, three digits)';
    throw new HiveError('validation', `${field}: ${message}`, { details: { problems: [{ field, message }] } });
  }
}

async function refuseKnown(
  store: Store,
  { session, scenarios }: Pick<FinishedSession, 'session' | 'scenarios'>,
): Promise<void> {
  if ((await store.getSession(session.id)) !== null) {
    throw new HiveError('conflict', `session.id: session '${session.id}' is already stored`);
  }
  for (const [index, { scenario }] of scenarios.entries()) {
    if ((await store.getScenario(scenario.id)) === null) continue;
    throw new HiveError('conflict', `scenarios.${index}.scenario.id: scenario '${scenario.id}' is already stored`);
  }
}

interface Histograms<Form> {
  responseTime: Form | null;
  serviceTime: Form | null;
}

function asBytes({ responseTime, serviceTime }: Histograms<string>): Histograms<Uint8Array> {
  const bytes = (text: string | null): Uint8Array | null => (text === null ? null : Buffer.from(text, 'base64'));
  return { responseTime: bytes(responseTime), serviceTime: bytes(serviceTime) };
}
