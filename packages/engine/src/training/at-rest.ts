import { HiveError, parseObjectives, type Objective, type Target } from '@hive/contract';
import type { Cause } from '../checking/causes.js';
import { outsideOf } from '../execution/outside.js';
import { askAlone, type Alone } from '../execution/rest/alone.js';
import type { Surroundings } from '../execution/running.js';
import { figure } from '../figure.js';
import { medianOf } from '../median.js';
import { SLOW_ALONE_MS } from '../learning/weights.js';
import { plainMix } from '../kinds/requests.js';

/** What one request of a target takes with nothing beside it. */
export interface AtRest {
  /** Name of the class that takes longest; null: nothing may be sent. */
  heaviest: string | null;
  /** Times of all that were ever sent alone in this session, ms. */
  times: number[];
}

/** Requests one at a time, whose median is what one takes. */
export const REQUESTS_ALONE = 3;
/** And this many where they do not agree whether the service is slow. */
const REQUESTS_IN_DOUBT = 7;
/** No request alone is given longer, ms. */
export const MOST_ALONE_MS = 10_000;
/** The heaviest class is one of at most this many. */
const MOST_CLASSES = 20;
/** One request alone may take this share of what an objective allows; one that allows three times what it takes leaves room. */
const MUCH_OF_OBJECTIVE = 0.5;
const ROOM = 3;

/** Of a slow service a few requests may be quick, and a busy machine makes a few slow: then more of them tell. */
function wantedOf(times: readonly number[]): number {
  const isUnclear = Math.min(...times) < SLOW_ALONE_MS && Math.max(...times) >= SLOW_ALONE_MS;
  return isUnclear ? REQUESTS_IN_DOUBT : REQUESTS_ALONE;
}

/** Mean, ms. */
export function meanOf(times: readonly number[]): number {
  return times.reduce((sum, ms) => sum + ms, 0) / times.length;
}

/**
 * Measures what one request takes alone: one of each class, then more of the one that took longest.
 * @throws HiveError `target_unreachable` naming the cause when none is answered, or each with an error: that is no matter of load.
 */
export async function measureAtRest(options: Surroundings): Promise<AtRest> {
  const classes = plainMix(options.target).slice(0, MOST_CLASSES);
  let heaviest: { name: string; ms: number } | null = null;
  const errors: (Cause | null)[] = [];
  for (const { name } of classes) {
    const asked = await timeAlone(options, name);
    if (asked === null) continue;
    errors.push(asked.error);
    if (heaviest === null || asked.ms > heaviest.ms) heaviest = { name, ms: asked.ms };
  }
  if (heaviest === null) return { heaviest: null, times: [] };
  const times = [heaviest.ms];
  while (times.length < wantedOf(times) && !options.signal.aborted) {
    const asked = await timeAlone(options, heaviest.name);
    if (asked === null) break;
    errors.push(asked.error);
    times.push(asked.ms);
  }
  const [error] = errors;
  if (error && errors.length >= REQUESTS_ALONE && errors.every((one) => one !== null)) throw failing(options, error);
  return { heaviest: heaviest.name, times };
}

function failing({ target }: Surroundings, { problem }: Cause): HiveError {
  return new HiveError(
    'target_unreachable',
    `${target.id} cannot be measured: it ${problem} to every request, also to one at a time`,
    { hint: 'fix it, name a path that it answers well, or accept the status with expect (docs/targets.md)' },
  );
}

/** How long one took, ms, and what is wrong with its answer; null: stopped. @throws HiveError `target_unreachable`. */
async function timeAlone(
  options: Surroundings,
  requestName: string,
): Promise<{ ms: number; error: Cause | null } | null> {
  const { target, signal } = options;
  const { answer, cause } = await askAlone({ ...aloneOf(options), requestName, withinMs: MOST_ALONE_MS });
  if (signal.aborted) return null;
  if (answer.type === 'answered') return { ms: answer.ms, error: cause?.isError === true ? cause : null };
  const { problem = 'it does not answer', hint = 'check that the service runs' } = cause ?? {};
  throw new HiveError('target_unreachable', `${target.id} does not answer: ${problem}`, { hint });
}

/** What is needed to ask the target of a session for one thing alone. */
export function aloneOf(options: Surroundings): Alone {
  return { ...options, ask: outsideOf(options).ask };
}

/** Which objectives a request alone nearly breaks, and which would leave room, each in one sentence. */
export function tightObjectives({ objectives }: Pick<Target, 'objectives'>, { times }: AtRest): string[] {
  const restMs = medianOf(times);
  return parseObjectives(objectives).flatMap((objective) => {
    const latencyMs = latencyOf(objective);
    if (latencyMs === null || restMs <= MUCH_OF_OBJECTIVE * latencyMs) return [];
    const roomMs = Number((ROOM * restMs).toPrecision(1));
    const better = objective.expression.replace(/(?<=[<=])[\d.]+(ms)?/, String(roomMs));
    return [
      `one request alone takes ${figure(restMs)} ms, more than half of what ${objective.expression} allows: --objective '${better}' would leave room`,
    ];
  });
}

function latencyOf(objective: Objective): number | null {
  if (objective.of !== 'response' || objective.requestClass !== null) return null;
  return objective.type === 'percentile' || objective.type === 'average' ? objective.latencyMs : null;
}
