import { isNoMatterOfLoad, type Cause } from '../../checking/causes.js';
import type { Clock } from '../../clock.js';
import { SLOW_ALONE_MS } from '../../learning/weights.js';
import type { Alike } from '../../metrics/alike.js';
import type { Silence } from '../../metrics/silence.js';
import { askAlone, type Alone } from './alone.js';

/** What a target has shown before a run. */
export interface ShownBefore {
  /** What one request takes alone, ms. */
  restMs: number;
  /** The class that takes longest alone. */
  heaviest?: string | undefined;
  /** The most that it was seen to answer in a second. */
  answeredPerSecond: number;
}

/** Nothing answered for this long, or for this many times what one request takes alone, is no slow answer. */
const SILENT_MS = 5_000;
const SILENT_RESTS = 5;
/** A run that ended in less silence than this did not end in silence. A run that is cut as failed is cut within half a second. */
const LEAST_SILENT_MS = 200;
/** How long one request may take alone. */
const ALONE_MS = 2_000;
const ALONE_RESTS = 3;
const BETWEEN_MS = 500;
const NO_ANSWER: Cause = { problem: 'it does not answer', hint: 'check that the service runs', fatal: true };
/** What still waits is given no more time than this. */
const MOST_BACKLOG_MS = 30_000;
/** A load that much above everything answered before may have caused a crash; fewer by chance are no more. */
const NEW_LOAD = 1.5;
const BY_CHANCE_DEVIATIONS = 2;

/** How long nothing may be answered before a run is ended, ms. */
export const silenceLimitMs = ({ restMs }: Pick<ShownBefore, 'restMs'>): number =>
  Math.max(SILENT_MS, SILENT_RESTS * restMs);

/** Whether more was sent than was ever answered: it may be the load that silenced the target. */
export function isNewLoad(silence: Silence, before: ShownBefore): boolean {
  const sent = silence.sentPerSecond();
  const answered = Math.max(before.answeredPerSecond, silence.answeredPerSecond());
  return sent - BY_CHANCE_DEVIATIONS * Math.sqrt(sent) > NEW_LOAD * answered;
}

/**
 * After a run in which every request went wrong in the same way: one request alone, for what it says does not depend on the load. Null: they did
 * not, or one alone gets a good answer; else what stands in the way.
 */
export async function whyAlike(from: Alone & { alike: Alike }): Promise<Cause | null> {
  const example = from.alike.all();
  if (example === null || !isNoMatterOfLoad(example) || from.signal.aborted) return null;
  const { answer, cause } = await askAlone({ ...from, withinMs: ALONE_MS });
  if (from.signal.aborted || answer.type === 'late') return null;
  return cause !== null && (answer.type === 'failed' || cause.isError === true) ? cause : null;
}

/**
 * After a run in whose last moments nothing was answered: one request alone, again and again until the silence has lasted long enough.
 * Null: it is answered, or the run did not end in silence; else what stands in the way.
 */
export async function whyGone(
  from: Alone & { clock: Clock; silence: Silence; before: ShownBefore },
): Promise<Cause | null> {
  const { clock, signal, silence, before } = from;
  const silentMs = silence.ms();
  if (silentMs < LEAST_SILENT_MS) return null;
  const untilMs = clock.now() + silenceLimitMs(before) - silentMs;
  // A quick service that is still there answers in time, whatever waits.
  const isSlow = before.restMs >= SLOW_ALONE_MS && silence.answeredPerSecond() > 0;
  let backlogMs = isSlow ? Math.min(MOST_BACKLOG_MS, silence.backlogMs()) : 0;
  for (;;) {
    const { answer, cause } = await askAlone({
      ...from,
      requestName: before.heaviest,
      withinMs: Math.max(ALONE_MS, ALONE_RESTS * before.restMs),
    });
    if (answer.type === 'answered' || signal.aborted) return null;
    const isLate = answer.type === 'late' && answer.connected;
    if (clock.now() >= untilMs && !(isLate && backlogMs > 0)) return cause ?? NO_ANSWER;
    const waitMs = isLate ? Math.max(BETWEEN_MS, backlogMs) : BETWEEN_MS;
    if (isLate) backlogMs = 0;
    await clock.sleep(waitMs, signal);
  }
}
