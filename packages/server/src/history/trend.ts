import { DEFAULT_TOLERANCE, type Analytics } from '@hive/contract';
import { dropOf, stepsOf, type Drop, type PastLimit, type Step } from '@hive/engine';
import type { Bus } from '../bus/bus.js';
import type { Store } from '../store/store.js';
import { remembered } from './remembered.js';

type KindAnalysis = Analytics['kinds'][number];
/** Where the limits of one kind changed. */
export type Trend = Pick<KindAnalysis, 'steps' | 'drop'>;
type NamedMark = KindAnalysis['steps'][number]['marks'][number];

interface Parts {
  store: Pick<Store, 'listMarks'>;
  cache: Pick<Bus, 'get' | 'set'>;
  /** Of Hive: another one may compute otherwise. */
  version: string;
}

/** Of more in one place, the newest are told. */
const MOST_MARKS = 5;

/** The trend of one target's limits of one kind, oldest first, with the marks that may explain it. */
export async function trendOf(
  { store, cache, version }: Parts,
  { target, history }: { target: string; history: readonly PastLimit[] },
): Promise<Trend> {
  const marksBetween = async (from: string, to: string): Promise<NamedMark[]> => {
    const marks = await store.listMarks({ target, from, to, limit: MOST_MARKS });
    return marks.map(({ id, at, text }) => ({ id, at, text }));
  };
  const found = await remembered(cache, ['trend', version, history], async () => {
    const steps = stepsOf(history);
    // What a step explains is no drop of the newest sessions.
    const since = history.findIndex(({ sessionId }) => sessionId === steps.at(-1)?.after.sessionId);
    return { steps, drop: dropOf(history.slice(Math.max(0, since)), DEFAULT_TOLERANCE) };
  });
  const steps: Trend['steps'] = [];
  for (const { before, after, ratio } of found.steps)
    steps.push({
      before: placeOf(before),
      after: placeOf(after),
      ratio,
      marks: await marksBetween(before.at, after.at),
    });
  if (found.drop === null) return { steps, drop: null };
  const { ratio, since, against } = found.drop;
  const before = history[history.findIndex(({ sessionId }) => sessionId === since.sessionId) - 1]?.at ?? since.at;
  return { steps, drop: { ratio, since: placeOf(since), against, marks: await marksBetween(before, since.at) } };
}

function placeOf({ sessionId, at }: Step['before'] | Drop['since']): { session_id: string; at: string } {
  return { session_id: sessionId, at };
}
