import { parseObjectives, strictestLatencyMs, type Scenario, type ScenarioResult } from '@hive/contract';
import { figure } from '../figure.js';
import { askAlone } from '../execution/rest/alone.js';
import type { TrainingEvent } from '../execution/events.js';
import type { Surroundings } from '../execution/running.js';
import { medianOf } from '../median.js';
import { aloneOf, MOST_ALONE_MS, REQUESTS_ALONE, type AtRest } from './at-rest.js';

/** What was given up is waited for no longer than this. */
const MOST_BACKLOG_MS = 50_000;
/** After that wait, the target has this long to recover. */
const GIVE_UP_MS = 60_000;
const FIRST_REST_MS = 500;
/** A wait that is worth a word. */
const TOLD_MS = 2_000;
/** It has recovered when one request takes at most this many times what it took before … */
const LIKE_BEFORE = 1.5;
/** … or less than this part of the strictest objective. */
const PART_OF_OBJECTIVE = 0.1;
/** It has not when this many in a row took longer than this many times. */
const SLOW_IN_A_ROW = 10;
const TIMES_SLOWER = 2;

/**
 * After a run of which something was given up: is the target itself again? What still waits there is waited for; then three requests are sent
 * one at a time, and again after twice the time. Returns null when they take what they took before, or why the session must end.
 */
export async function* recover(
  options: Surroundings & { scenario: Scenario; result: ScenarioResult; atRest: AtRest; answeredPerSecond: number },
): AsyncGenerator<TrainingEvent, string | null> {
  const { clock, signal, atRest, target, scenario } = options;
  const backlogMs = backlogOf(options);
  if (backlogMs === null || atRest.heaviest === null) return null;
  if (backlogMs > TOLD_MS)
    yield told(`waiting ${figure(backlogMs / 1_000)} s for ${target.id} to finish the requests that Hive gave up`);
  await clock.sleep(backlogMs, signal);

  const since = clock.now();
  const before = [...atRest.times];
  const slow = TIMES_SLOWER * medianOf(before);
  let slowInARow = 0;
  let restMs = Math.max(FIRST_REST_MS, medianOf(before));
  for (;;) {
    const times: (number | null)[] = [];
    while (times.length < REQUESTS_ALONE && !signal.aborted) {
      const { answer } = await askAlone({ ...aloneOf(options), requestName: atRest.heaviest, withinMs: MOST_ALONE_MS });
      const ms = answer.type === 'answered' ? answer.ms : null;
      times.push(ms);
      slowInARow = ms === null || ms > slow ? slowInARow + 1 : 0;
    }
    const answered = times.filter((ms) => ms !== null);
    if (signal.aborted) return null;
    if (answered.length === REQUESTS_ALONE && isLikeBefore(medianOf(answered), before, scenario)) {
      atRest.times.push(...answered);
      return null;
    }
    const isOver = clock.now() - since >= GIVE_UP_MS;
    if (isOver && (slowInARow >= SLOW_IN_A_ROW || answered.length === 0)) break;
    // Slower than before, but not by far: it is as well as it gets.
    if (isOver) return null;
    if (restMs > TOLD_MS) yield told(`${target.id} has not recovered yet: waiting ${figure(restMs / 1_000)} s more`);
    await clock.sleep(restMs, signal);
    restMs *= 2;
  }
  const text = `${target.id} did not recover within ${GIVE_UP_MS / 1_000} s after ${scenario.description}`;
  yield { type: 'alert', severity: 'critical', text };
  return text;
}

const told = (text: string): TrainingEvent => ({ type: 'alert', severity: 'info', text });

/** How long the target may still work on what was given up, ms; null: everything came to its end. */
function backlogOf({
  result,
  answeredPerSecond,
}: {
  result: ScenarioResult;
  answeredPerSecond: number;
}): number | null {
  const counts = result.measurement?.counts;
  if (result.verdict === 'aborted' || !counts) return null;
  const givenUp = counts.cutOff + counts.timedOut;
  if (givenUp === 0) return null;
  return Math.min(MOST_BACKLOG_MS, (1_000 * givenUp) / Math.max(1e-3, answeredPerSecond));
}

function isLikeBefore(
  medianMs: number,
  before: readonly number[],
  { objectives }: Pick<Scenario, 'objectives'>,
): boolean {
  const latencyMs = strictestLatencyMs(parseObjectives(objectives)) ?? 0;
  return (
    medianMs <= LIKE_BEFORE * medianOf(before) ||
    medianMs <= Math.max(...before) ||
    medianMs < PART_OF_OBJECTIVE * latencyMs
  );
}
