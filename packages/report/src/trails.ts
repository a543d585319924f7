import type { Kind } from '@hive/contract';
import { learnLimits, type LearnedResult } from '@hive/engine';
import type { ReportSource } from './report-source.js';
import type { Trail } from './report-schema.js';

/** More steps than this are not told apart in a chart; the last is always among them. */
const MOST_STEPS = 30;

/** What was known after each run of a session, from its own runs alone. */
export function trailsOf({ target, session, scenarios }: ReportSource): Trail[] {
  const results = scenarios.map(({ scenario, result, startedAt }): LearnedResult & { kind: Kind } => ({
    sessionId: session.id,
    scenario,
    result,
    at: startedAt,
    kind: scenario.kind,
  }));
  return session.kinds.flatMap((kind) => {
    const own = results.filter((one) => one.kind === kind);
    const steps = stepsOf(own.length).flatMap((count) => {
      const limit = learnLimits(target, own.slice(0, count)).find((one) => one.kind === kind);
      if (limit === undefined) return [];
      const { status, estimate, low, high } = limit;
      return [{ status, estimate, low, high, scenarios: count, unit: limit.unit }];
    });
    const [first] = steps;
    return first === undefined ? [] : [{ kind, unit: first.unit, steps: steps.map(({ unit: _, ...step }) => step) }];
  });
}

/** After how many runs it is shown: after each, or evenly spread. */
function stepsOf(runs: number): number[] {
  const steps = Math.min(runs, MOST_STEPS);
  return Array.from({ length: steps }, (_, i) => Math.ceil(((i + 1) * runs) / steps));
}
