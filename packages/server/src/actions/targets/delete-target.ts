import { HiveError } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';

/** Forgets a target and its history. Throws HiveError `not_found`, `busy` while it is being measured, `conflict` where a file describes it. */
export function deleteTarget(parts: {
  store: Store;
  runner: Pick<SessionRunner, 'status'>;
  log: Log;
}): Verb<string, void> {
  const { store, runner, log } = parts;
  return async (actor, id) => {
    demand(actor, 'target.write');
    spareFiles(actor, 'target', await findTarget(store, id));
    const status = await runner.status();
    if (status.running && status.target === id) {
      throw new HiveError('busy', `session ${status.session_id} is measuring '${id}'`, {
        details: { session_id: status.session_id },
      });
    }
    await store.deleteTarget(id);
    log.info({ target: id }, 'target deleted');
  };
}
