import type { Rule } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { findRule } from '../../incidents/find-rule.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** The rules, oldest first; of a target, also those of every target. */
export function listRules(store: Pick<Store, 'listRules'>): Verb<string | undefined, Rule[]> {
  return async (actor, target) => {
    demand(actor, 'read');
    const rules = await store.listRules();
    return rules.filter((rule) => target === undefined || rule.target === null || rule.target === target);
  };
}

/** One rule. Throws HiveError `not_found`. */
export function getRule(store: Pick<Store, 'listRules'>): Verb<string, Rule> {
  return async (actor, id) => {
    demand(actor, 'read');
    return findRule(store, id);
  };
}
