import type { ScenarioResult } from '@hive/contract';
import { ofGroup, type Facts, type GroupFacts, type Judge, type Judgement } from './facts.js';

type Regions = NonNullable<ScenarioResult['regions']>;

/** Worse ones first. */
const ORDER = ['failed', 'undecided', 'passed'] as const;

/**
 * Judges the requests of each region by themselves, beside all of them together. The whole is as bad as the worst: its verdict, and what is
 * learned from it, are those of that region.
 * @returns the judgement of the whole, and what each region showed; without regions: as it was
 */
export function judgeRegions(
  judged: Judgement,
  { facts, judge, regions }: { facts: Facts; judge: Judge; regions: readonly GroupFacts[] },
): Judgement & { regions?: Regions } {
  if (regions.length === 0) return judged;
  const each = regions.map((region) => ({ name: region.name, judgement: judge(ofGroup(facts, region)) }));
  const shown = Object.fromEntries(
    each.map(({ name, judgement: { verdict, reason, objectives, evidence } }) => [
      name,
      { verdict, reason, objectives, evidence },
    ]),
  );
  const [worst] = each.toSorted((a, b) => place(a.judgement) - place(b.judgement) || excess(b) - excess(a));
  if (regions.length < 2 || worst === undefined || place(worst.judgement) > place(judged))
    return { ...judged, regions: shown };
  const { findings = [], ...rest } = worst.judgement;
  return {
    ...rest,
    reason: `from ${worst.name}: ${rest.reason}`,
    findings: [...new Set([...(judged.findings ?? []), ...findings])],
    regions: shown,
  };
}

const place = ({ verdict }: Judgement): number => ORDER.findIndex((one) => one === verdict);

/** How much more is bad than is allowed, as a ratio, in the worst clause. */
function excess({ judgement: { evidence } }: { judgement: Judgement }): number {
  if (evidence?.type !== 'counts') return 0;
  return Math.max(
    0,
    ...evidence.clauses.map(({ bad, planned, allowedShare }) => (bad + 0.5) / (allowedShare * planned + 0.5)),
  );
}
