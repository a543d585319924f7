import { parseObjectives, type CheckHistory, type CheckResult } from '@hive/contract';

type Budget = CheckHistory['budget'];
type Counts = Readonly<Record<CheckResult, number>>;

interface Seen {
  /** Of the target. */
  objectives: readonly string[];
  /** Checks of the days that the budget is for. */
  counts: Counts;
  /** Checks of the last hours, which say how fast it is spent. */
  recent: readonly CheckResult[];
}

/**
 * How much of what a target may fail is left, and how fast it is spent. Allowed is the smallest share of errors that its objectives allow of all
 * requests; null: they allow no certain share, or nothing usable was checked.
 */
export function errorBudget({ objectives, counts, recent }: Seen): Budget {
  const allowing = parseObjectives(objectives).flatMap((one) =>
    one.type === 'errors' && one.requestClass === null && one.share > 0 ? [one] : [],
  );
  const [strictest] = allowing.toSorted((one, other) => one.share - other.share);
  const failed = failedShare(counts);
  if (strictest === undefined || failed === null) return null;
  const { expression: objective, share: allowedShare } = strictest;
  const now = failedShare(counted(recent));
  return {
    objective,
    allowedShare,
    leftShare: 1 - failed / allowedShare,
    burnRate: now === null ? null : now / allowedShare,
  };
}

/** The share of usable checks that failed; null: none was usable. What ran under load, and what could not be asked, does not count. */
export function failedShare({ pass, degraded, fail }: Counts): number | null {
  const usable = pass + degraded + fail;
  return usable === 0 ? null : fail / usable;
}

function counted(results: readonly CheckResult[]): Counts {
  const of = (wanted: CheckResult): number => results.filter((result) => result === wanted).length;
  return {
    pass: of('pass'),
    degraded: of('degraded'),
    fail: of('fail'),
    under_load: of('under_load'),
    invalid: of('invalid'),
  };
}
