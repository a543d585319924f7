import { HiveError } from '@hive/contract';
import { findTarget } from './choose-target.js';
import type { Context } from './context.js';

/**
 * Forgets a target and its history.
 * @throws HiveError `not_found`, `busy` while it is being measured.
 */
export async function deleteTarget(context: Context, id: string): Promise<void> {
  await findTarget(context, id);
  const status = await context.runner.status();
  if (status.running && status.target === id) {
    throw new HiveError('busy', `session ${status.session_id} is measuring '${id}'`, {
      details: { session_id: status.session_id },
    });
  }
  await context.store.deleteTarget(id);
  context.log.info({ target: id }, 'target deleted');
}
