import { HiveError, type Target } from '@hive/contract';
import { countFitting } from '../../answer-size.js';
import { demand } from '../../identity/principal.js';
import type { Page, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** The services under test, from the one after this id on, as many as one answer holds. Throws HiveError `validation`. */
export function listTargets(store: Store): Verb<string | undefined, Page<Target>> {
  return async (actor, after) => {
    demand(actor, 'read');
    const all = await store.listTargets();
    const before = after === undefined ? -1 : all.findIndex(({ id }) => id === after);
    if (after !== undefined && before < 0) {
      throw new HiveError('validation', `after: there is no target with the id '${after}'`, {
        hint: 'pass the `next` of the previous page, unchanged',
      });
    }
    const targets = all.slice(before + 1);
    const rows = targets.slice(0, await countFitting(targets));
    return { rows, next: rows.length < targets.length ? (rows.at(-1)?.id ?? null) : null };
  };
}
