import { BASE_KIND, budgetFor, HiveError, kindLabel, type Kind, type Target } from '@hive/contract';
import { figure } from '../../figure.js';
import { leastRunSeconds } from '../../learning/search/price.js';
import { axesOf } from '../axes.js';
import { planSession } from './plan.js';

/**
 * Whether any of these kinds can be tried in this time. `name`: what the budget is called where it was given.
 * @throws HiveError `validation` naming it, what the shortest run takes, and what would do.
 */
export function checkBudget(
  asked: { budgetSeconds: number; kinds: readonly Kind[]; target: Target },
  name: string,
): void {
  const { budgetSeconds, kinds, target } = asked;
  const runs = axesOf(target, kinds)
    .filter(({ notApplicable }) => notApplicable === null)
    .map((axis) => ({ kind: axis.kind, seconds: leastRunSeconds(axis) }))
    .toSorted((a, b) => a.seconds - b.seconds);
  const [shortest] = runs;
  if (shortest === undefined || shortest.seconds <= budgetSeconds) return;
  const { fits } = planSession({ ...asked, kinds: [shortest.kind], history: [], atMs: 0 });
  const usual = fits.reduce((sum, { seconds }) => sum + seconds, 0);
  const message = `${figure(budgetSeconds)} s is too short: a run of ${kindLabel(shortest.kind).toLowerCase()} takes ${figure(shortest.seconds)} s`;
  const instead = kinds.includes(BASE_KIND) ? '' : `, or measure ${BASE_KIND} first`;
  throw new HiveError('validation', `${name}: ${message}`, {
    hint: `give ${budgetFor(usual)} for a measured limit, ${Math.ceil(shortest.seconds)} s at least${instead}`,
    details: { problems: [{ field: name, message }] },
  });
}
