import type { Bus } from '../bus/bus.js';
import type { ResultFilter, RunHour, Store } from '../store/store.js';
import { createTurns } from '../turns.js';
import { remembered, rememberedBriefly } from './remembered.js';
import { foldOf, mergeFolds, noRuns, type RunFold } from './run-fold.js';

/** What folds are made of, and where those of the past are remembered. */
export interface Folding {
  store: Pick<Store, 'listRunHours' | 'listResults'>;
  cache: Pick<Bus, 'get' | 'set'>;
  /** Of Hive: another one may fold otherwise. */
  version: string;
}

/** Results read at once. */
const PAGE = 25;
/** The past of yesterday is looked for too before everything is read again. */
const EARLIER_PASTS = 2;
const HOUR_MS = 3_600_000;

/**
 * What the executed runs that fit came to. Only the newest hour of them is read when a run ends: the fold of all that is older is remembered
 * until one of its runs changes. The results alone are the truth.
 */
export async function foldRuns(folding: Folding, filter: ResultFilter): Promise<RunFold> {
  const hours = await folding.store.listRunHours(filter);
  const newest = hours.findLastIndex(({ hour }) => hour < (hours.at(-1)?.hour ?? '')) + 1;
  const past = await foldPast(folding, filter, hours.slice(0, newest));
  return mergeFolds([past, await foldNewest(folding, filter, hours.slice(newest))]);
}

/** The next run that ends makes another one. */
async function foldNewest(folding: Folding, filter: ResultFilter, hours: readonly RunHour[]): Promise<RunFold> {
  const { cache, version } = folding;
  const fold = async (): Promise<RunFold> => mergeFolds(await foldHours(folding, filter, hours));
  return rememberedBriefly(cache, ['newest runs', version, filter, hours], fold);
}

/** The past grows by an hour at a time: what is remembered of it is continued. */
async function foldPast(folding: Folding, filter: ResultFilter, hours: readonly RunHour[]): Promise<RunFold> {
  if (hours.length === 0) return noRuns();
  const { cache, version } = folding;
  const keyOf = (part: readonly RunHour[]): unknown => ['runs', version, filter, part];
  return remembered(cache, keyOf(hours), async () => {
    for (let less = 1; less <= EARLIER_PASTS && less < hours.length; less += 1) {
      const earlier = await remembered<RunFold>(cache, keyOf(hours.slice(0, -less)));
      if (earlier !== null) return mergeFolds([earlier, ...(await foldHours(folding, filter, hours.slice(-less)))]);
    }
    return mergeFolds(await foldHours(folding, filter, hours));
  });
}

/** One fold for each page of results: others have their turn between. */
async function foldHours({ store }: Folding, filter: ResultFilter, hours: readonly RunHour[]): Promise<RunFold[]> {
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return [];
  const turn = createTurns();
  const within = {
    ...filter,
    from: later(filter.from, first.hour),
    to: earlier(filter.to, new Date(Date.parse(last.hour) + HOUR_MS - 1).toISOString()),
  };
  let folded: RunFold[] = [];
  let after: { at: string; id: string } | undefined;
  do {
    const page = await store.listResults({ ...within, after, limit: PAGE });
    const folds: RunFold[] = [];
    for (const result of page) {
      folds.push(foldOf(result));
      await turn();
    }
    folded.push(mergeFolds(folds));
    if (folded.length >= PAGE) folded = [mergeFolds(folded)];
    await turn();
    const end = page.length < PAGE ? undefined : page.at(-1)?.row;
    after = end && { at: end.created_at, id: end.id };
  } while (after !== undefined);
  return folded;
}

const later = (one: string | undefined, other: string): string =>
  one !== undefined && Date.parse(one) > Date.parse(other) ? one : other;
const earlier = (one: string | undefined, other: string): string =>
  one !== undefined && Date.parse(one) < Date.parse(other) ? one : other;
