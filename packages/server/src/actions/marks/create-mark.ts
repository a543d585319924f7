import { newMarkId, type Mark, type RouteParsed } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

interface Parts {
  store: Pick<Store, 'getTarget' | 'createMark'>;
  log: Log;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** Records what may explain a change of limits. Throws HiveError `not_found` for an unknown target. */
export function createMark({ store, log, now }: Parts): Verb<RouteParsed<'createMark'>['body'], Mark> {
  return async (actor, { target, at, text, url, labels }) => {
    demand(actor, 'run');
    if (target !== undefined) await findTarget(store, target);
    const mark: Mark = {
      id: newMarkId(),
      at: new Date(at ?? now()).toISOString(),
      target: target ?? null,
      text,
      url: url ?? null,
      labels: labels ?? {},
    };
    await store.createMark(mark);
    log.info({ mark: mark.id, target: mark.target, text }, 'mark recorded');
    return mark;
  };
}
