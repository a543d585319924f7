import { headroomOf, learnLimits, planSession, predict, predictedCurve } from '@hive/engine';
import { compareReports, reportOf, trailsOf, type ReportSource } from '@hive/report';
import { sayBudget } from '../say-budget.js';
import { same, sameRuns } from './same.js';

type Asked<Work extends (...input: never[]) => unknown> = Parameters<Work>;
type Made = Parameters<typeof reportOf>[1];
type Rules = Parameters<typeof compareReports>[2];

/** What is computed of results, each of which may take a second. Plain data goes in and comes out. */
export const WORK = {
  limits: ([target, history, kinds]: Asked<typeof learnLimits>) =>
    learnLimits(same(target), sameRuns(target, history), kinds),
  prediction: ([target, history, asked]: Asked<typeof predict>) =>
    predict(same(target), sameRuns(target, history), asked),
  curve: ([target, history, kind]: Asked<typeof predictedCurve>) =>
    predictedCurve(same(target), sameRuns(target, history), kind),
  headroom: (input: Asked<typeof headroomOf>) => headroomOf(...input),
  plan: (request: Omit<Parameters<typeof planSession>[0], 'sayBudget'>) => planSession({ ...request, sayBudget }),
  trails: (source: ReportSource) => trailsOf(source),
  comparison: ({ base, candidate, making, rules }: Comparing) =>
    compareReports(reportOf(base, making), reportOf(candidate, making), rules),
};

interface Comparing {
  base: ReportSource;
  candidate: ReportSource;
  making: Made;
  rules: Rules;
}

export type WorkName = keyof typeof WORK;
export type Input<Name extends WorkName> = Parameters<(typeof WORK)[Name]>[0];
export type Output<Name extends WorkName> = ReturnType<(typeof WORK)[Name]>;

/** Does one piece of work. */
export async function doWork<Name extends WorkName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
  const work = WORK[name] as (input: Input<Name>) => Output<Name>;
  return work(input);
}
