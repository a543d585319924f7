import { CHECK_RESULTS, type CheckHistory, type RouteParsed } from '@hive/contract';
import { errorBudget, failedShare } from '../../checks/error-budget.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { chooseTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

const DAYS_SHOWN = 90;
const UPTIME_DAYS = 30;
const DAY_MS = 86_400_000;
/** How fast the error budget is spent is judged by these. */
const RECENT_MS = 6 * 3_600_000;
const MOST_RECENT = 1_000;

interface Parts {
  store: Store;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

type Counts = CheckHistory['days'][number]['counts'];

/** Checks of a target, its days, and its uptime. Throws HiveError `not_found`, `no_target`. */
export function listChecks({ store, now }: Parts): Verb<RouteParsed<'listChecks'>['query'], CheckHistory> {
  return async (actor, filter) => {
    demand(actor, 'read');
    const { id: target, objectives } = await chooseTarget(store, filter.target);
    const counted = await store.countChecks(target, new Date(now() - DAYS_SHOWN * DAY_MS));
    const days = new Map<string, Counts>();
    for (const { day, result, count } of counted) {
      const counts = days.get(day) ?? noCounts();
      counts[result] += count;
      days.set(day, counts);
    }
    const since = new Date(now() - UPTIME_DAYS * DAY_MS).toISOString().slice(0, 10);
    const counts = sumOf([...days].flatMap(([day, ofDay]) => (day > since ? [ofDay] : [])));
    const from = new Date(now() - RECENT_MS).toISOString();
    const recent = await store.listChecks({ target, from, limit: MOST_RECENT });
    const failed = failedShare(counts);
    return {
      checks: await store.listChecks({ ...filter, target }),
      days: [...days].map(([day, ofDay]) => ({ day, counts: ofDay })),
      uptime: failed === null ? null : 1 - failed,
      budget: errorBudget({ objectives, counts, recent: recent.map(({ result }) => result) }),
    };
  };
}

function sumOf(days: readonly Counts[]): Counts {
  const sum = noCounts();
  for (const counts of days) for (const result of CHECK_RESULTS) sum[result] += counts[result];
  return sum;
}

function noCounts(): Counts {
  return Object.fromEntries(CHECK_RESULTS.map((result) => [result, 0])) as Counts;
}
