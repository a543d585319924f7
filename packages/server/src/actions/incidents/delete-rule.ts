import { demand } from '../../identity/principal.js';
import { findRule } from '../../incidents/find-rule.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';
import type { IncidentParts } from './create-rule.js';

/** Deletes a rule and closes what it opened. Throws HiveError `not_found`, `conflict` where a file describes it. */
export function deleteRule({ store, log, now, changed }: IncidentParts): Verb<string, void> {
  return async (actor, id) => {
    demand(actor, 'schedule.write');
    spareFiles(actor, 'rule', await findRule(store, id));
    const at = new Date(now()).toISOString();
    const closed = await store.closeOfRule(id, { at, who: actor.name, text: 'the rule was deleted' });
    await store.deleteRule(id);
    await changed(closed);
    log.info({ rule: id, who: actor.id }, 'rule deleted');
  };
}
