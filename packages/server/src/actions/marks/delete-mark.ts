import { HiveError } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** Forgets a mark. Throws HiveError `not_found`. */
export function deleteMark({ store, log }: { store: Pick<Store, 'deleteMark'>; log: Log }): Verb<string, void> {
  return async (actor, id) => {
    demand(actor, 'run');
    if (!(await store.deleteMark(id)))
      throw new HiveError('not_found', `there is no mark with the id '${id}'`, { hint: 'see GET /api/marks' });
    log.info({ mark: id }, 'mark deleted');
  };
}
