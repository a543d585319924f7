import type { Kind, Target, Trail } from '@hive/contract';
import { learnLimits, type LearnedResult } from '@hive/engine';
import type { ReportSource } from './report-source.js';

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
  const trails: Trail[] = [];
  for (const kind of session.kinds) {
    const own = results.filter((one) => one.kind === kind);
    const measured = asMeasured(target, own);
    const trail: Trail = { kind, unit: '', steps: [] };
    for (const count of stepsOf(own.length)) {
      const limit = learnLimits(measured, own.slice(0, count), [kind])[0];
      if (limit === undefined) continue;
      const { status, estimate, low, high, unit } = limit;
      trail.unit = unit;
      trail.steps.push({ status, estimate, low, high, scenarios: count });
    }
    if (trail.steps.length > 0) trails.push(trail);
  }
  return trails;
}

/** After how many runs it is shown: after each, or evenly spread. */
function stepsOf(runs: number): number[] {
  const steps = Math.min(runs, MOST_STEPS);
  return Array.from({ length: steps }, (_, i) => Math.ceil(((i + 1) * runs) / steps));
}

/** The target with its load from where that of these runs came: the session may have been asked for another place than the target's. */
function asMeasured({ regions: _, ...target }: Target, runs: readonly LearnedResult[]): Target {
  return runs.some(({ result }) => result.regions !== undefined) ? { ...target, regions: 'all' } : target;
}
