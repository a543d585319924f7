import { randomUUID } from 'node:crypto';
import { toHiveError, type AuditEntry } from '@hive/contract';
import type { Principal } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { AuditTable } from '../../store/store.js';
import type { Actions } from '../actions.js';
import type { Verb } from '../verb.js';

/** What only shows: that it was refused is kept, and not that it was asked. Whatever is not named here is kept always. */
const READS: ReadonlySet<string> = new Set<keyof Actions>([
  'analysePerformance',
  // Each change that it makes is kept under its own name.
  'applyDocuments',
  'beginOidc',
  'checkHealth',
  'compareSessions',
  'countScenarios',
  'createLiveTicket',
  'describeService',
  'exportScenarios',
  'followLive',
  'getChannel',
  'getIncident',
  'getRule',
  'getScenario',
  'getSchedule',
  'getSession',
  'sessionCourse',
  'getTarget',
  'getTicket',
  'latestMetrics',
  'listAudit',
  'listChannels',
  'listChecks',
  'listIncidents',
  'listMaintenance',
  'listMarks',
  'listOwnSessions',
  'listRules',
  'listScenarios',
  'listSchedules',
  'listSecrets',
  'listSessions',
  'listTargets',
  'listTokens',
  'listUsers',
  'liveFigures',
  'planTraining',
  'predictRun',
  'previewScenario',
  'readTarget',
  'recentProblems',
  'reportSession',
  'scenarioHeatmap',
  'showFleet',
  'storage',
  'summariseMetrics',
  'targetLimits',
  'targetTruth',
  'trainingStatus',
  'whoAmI',
]);
const MOST_TEXT = 300;

/** Writes down what somebody does. */
export interface Auditor {
  audit: Pick<AuditTable, 'addAudit'>;
  log: Pick<Log, 'error'>;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** The same verbs, each of which leaves a row of who did what, on what, from where, and how it ended. */
export function audited<Some extends Partial<Record<keyof Actions, unknown>>>(actions: Some, auditor: Auditor): Some {
  const entries = Object.entries(actions) as [string, Verb<unknown, unknown>][];
  return Object.fromEntries(
    entries.map(([name, verb]) => [name, auditedVerb(verb, { name, isRead: READS.has(name), auditor })]),
  ) as unknown as Some;
}

/** One verb, likewise. */
export function auditedVerb<Input, Output>(
  verb: Verb<Input, Output>,
  { name, isRead = false, auditor }: { name: string; isRead?: boolean; auditor: Auditor },
): Verb<Input, Output> {
  return async (actor, input) => {
    try {
      const answer = await verb(actor, input);
      if (!isRead)
        await keep(auditor, actor, {
          action: name,
          on: whatOf(input) ?? whatOf(answer),
          outcome: 'done',
          reason: null,
        });
      return answer;
    } catch (error) {
      const { status, message } = toHiveError(error);
      const isRefused = status === 401 || status === 403 || status === 429;
      if (isRefused || !isRead) {
        const outcome = isRefused ? 'refused' : 'failed';
        await keep(auditor, actor, { action: name, on: whatOf(input), outcome, reason: message.slice(0, MOST_TEXT) });
      }
      throw error;
    }
  };
}

/** That a row could not be kept undoes nothing that was done: it is in the log. */
export async function keep(
  { audit, log, now }: Auditor,
  actor: Principal,
  did: Pick<AuditEntry, 'action' | 'on' | 'outcome' | 'reason'>,
): Promise<void> {
  const at = new Date(now()).toISOString();
  const entry: AuditEntry = {
    id: `aud_${randomUUID()}`,
    at,
    who: actor.id,
    name: actor.name,
    from: actor.origin?.address ?? null,
    ...did,
    on: did.on?.replaceAll('\0', '').slice(0, MOST_TEXT) ?? null,
    reason: did.reason?.replaceAll('\0', '') ?? null,
  };
  await audit.addAudit(entry).catch((error: unknown) => log.error({ err: error, entry }, 'an audit row was not kept'));
}

/** Where the id of something is found: never a secret. */
const NAMING = ['id', 'sessionId', 'session_id', 'scenarioId', 'target', 'email', 'name'] as const;

function whatOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return null;
  for (const key of NAMING) {
    const found = (value as Record<string, unknown>)[key];
    if (typeof found === 'string') return found;
  }
  const shown = (value as { shown?: unknown }).shown;
  return shown === undefined ? null : whatOf(shown);
}
