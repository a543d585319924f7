import type { ReportData, ReportRun } from '../report-schema.js';

/**
 * The runs whose objectives are reported: of a load test, its runs; of a measurement, for each kind the soak, else the highest load that
 * passed, else the lowest that was judged. Runs above the limit fail by design and say nothing about the service's health.
 */
export function tellingRuns({ session, runs }: Pick<ReportData, 'session' | 'runs'>): ReportRun[] {
  if (session.mode === 'run') return [...runs];
  return session.kinds.flatMap((kind) => {
    const judged = runs.filter((run) => run.kind === kind && ['passed', 'failed', 'undecided'].includes(run.outcome));
    const soaks = judged.filter(({ plan }) => plan.hold === true);
    if (soaks.length > 0) return soaks;
    const byLoad = judged.toSorted((a, b) => a.intensity - b.intensity);
    return byLoad.findLast(({ outcome }) => outcome === 'passed') ?? byLoad[0] ?? [];
  });
}
