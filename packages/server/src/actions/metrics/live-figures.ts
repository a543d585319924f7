import type { Limit, LoadGenerator, Window } from '@hive/contract';
import type { LedFleet } from '../../fleet/led-fleet.js';
import { learnedLimits, type Learning } from '../../history/learned-limits.js';
import { demand } from '../../identity/principal.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** What is measured at this moment, and what is known. */
export interface LiveFigures {
  running: boolean;
  /** Of the session that runs here; null: none does. */
  window: Window | null;
  /** What has been learned, of the newest targets. */
  limits: { targetId: string; limit: Limit }[];
  /** On other machines. */
  loadGenerators: LoadGenerator[];
}

/** Every scrape asks for all of them. */
const MOST_TARGETS = 100;

interface Parts {
  runner: SessionRunner;
  learning: Learning & { store: Pick<Store, 'listTargets'> };
  fleet: LedFleet | null;
}

/** What Hive measures at this moment, the limits that it knows, and the load generators that it leads. */
export function liveFigures({ runner, learning, fleet }: Parts): Verb<void, LiveFigures> {
  return async (actor) => {
    demand(actor, 'read');
    const limits: LiveFigures['limits'] = [];
    for (const target of (await learning.store.listTargets()).slice(0, MOST_TARGETS))
      limits.push(...(await learnedLimits(learning, target)).map((limit) => ({ targetId: target.id, limit })));
    const { running } = await runner.status();
    const loadGenerators = fleet?.view().loadGenerators ?? [];
    return { running, window: runner.newestWindow(), limits, loadGenerators };
  };
}
