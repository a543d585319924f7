import type { RouteParsed, Storage } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** Sets how long stores are kept. What is older is removed with the next upkeep, not at once: whoever mistyped can take it back. */
export function setStorage({
  store,
  log,
}: {
  store: Store;
  log: Log;
}): Verb<RouteParsed<'setStorage'>['body']['keepDays'], Storage> {
  return async (actor, keepDays) => {
    demand(actor, 'storage.write');
    await store.setKeepDays(keepDays);
    log.info({ keepDays }, 'time that results are kept was set');
    return store.storage();
  };
}
