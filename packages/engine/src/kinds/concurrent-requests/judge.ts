import { allowedShare, type Scenario } from '@hive/contract';
import type { JudgedTotals } from '../../metrics/collector.js';
import { figure } from '../../figure.js';
import { howToRaise } from '../caps.js';
import { failedRule, judgeClauses } from '../../judging/clauses.js';
import { countedObjectives } from '../../judging/shares.js';
import type { Facts, Judge } from '../../judging/facts.js';

/**
 * The objectives over all requests, and the connection-time spent beyond each latency objective within its allowed share:
 * a frozen server answers few requests, so counts alone would hide the freeze.
 */
export const judgeConcurrentRequests: Judge = (facts) => {
  const judged = judgeClauses(facts);
  const frozen = judged.verdict === 'passed' ? frozenTime(facts) : null;
  if (frozen === null) return judged;
  const { expression, reason } = frozen;
  return { ...judged, verdict: 'failed', reason, furtherEvidence: [failedRule(expression)] };
};

/** The clause whose latency connections spent too much of their time beyond, and why. */
function frozenTime({ objectives, connectionTime }: Facts): { expression: string; reason: string } | null {
  if (connectionTime === null || connectionTime.totalMs <= 0) return null;
  for (const objective of countedObjectives(objectives)) {
    // Connection-time is that of whole answers, of all classes.
    if (objective.type !== 'percentile' || objective.of !== 'response' || objective.requestClass !== null) continue;
    const beyond = (connectionTime.beyondMs[objective.counter ?? 0] ?? 0) / connectionTime.totalMs;
    const allowed = allowedShare(objective) as number;
    if (beyond > allowed) {
      const reason = `connections spent ${figure(beyond * 100)} % of their time waiting beyond ${figure(objective.latencyMs)} ms (${figure(allowed * 100)} % allowed)`;
      return { expression: objective.expression, reason };
    }
  }
  return null;
}

/** Above this share of the cap, the cap sets the rate of a closed model. */
const AT_CAP = 0.97;

/** A closed model that the target's cap holds back says nothing about more connections. */
export function cappedRate({ scenario, totals }: { scenario: Scenario; totals: JudgedTotals }): string[] {
  const { arrivals } = scenario.plan;
  if (arrivals.model !== 'closed' || arrivals.maxPerSecond === undefined) return [];
  if (totals.offeredPerSecond < AT_CAP * arrivals.maxPerSecond) return [];
  const cap = figure(arrivals.maxPerSecond);
  return [`the rate was capped at ${cap} requests/s: ${howToRaise('maxRatePerSecond', arrivals.maxPerSecond)}`];
}
