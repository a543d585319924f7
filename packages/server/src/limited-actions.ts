import type { Labels } from '@hive/contract';
import type { Actions, ActionsOf } from './actions/actions.js';
import { limitedFeed, limitedRunner } from './actions/limited/limited-runner.js';
import { limitedStore } from './actions/limited/limited-store.js';
import { visibleTargets } from './actions/limited/visible.js';
import type { RunnerParts } from './sessions/runner-parts.js';
import type { SessionRunner } from './sessions/session-runner.js';

/** As many different limits as are kept at once: one more begins anew. */
const MOST_LIMITS = 100;

/**
 * The verbs of whoever asks. A role that is limited to some targets has verbs of its own, bound to a store, a runner and a feed that show these
 * alone: no verb can forget it.
 */
export function limitedActions<Given extends { parts: RunnerParts; runner: SessionRunner }>(
  create: (given: Given) => Actions,
  given: Given,
): ActionsOf {
  const all = create(given);
  const limited = new Map<string, Actions>();
  const limitedTo = (labels: Labels): Actions => {
    const { store, bus } = given.parts;
    const visible = visibleTargets(store, labels);
    const parts = {
      ...given.parts,
      store: limitedStore(store, visible),
      bus: { ...bus, ...limitedFeed(bus, visible) },
    };
    return create({ ...given, parts, runner: limitedRunner(given.runner, visible) });
  };
  return ({ targets }) => {
    if (targets === undefined) return all;
    const key = JSON.stringify(Object.entries(targets).toSorted(([one], [other]) => one.localeCompare(other)));
    const known = limited.get(key) ?? limitedTo(targets);
    if (limited.size >= MOST_LIMITS) limited.clear();
    limited.set(key, known);
    return known;
  };
}
