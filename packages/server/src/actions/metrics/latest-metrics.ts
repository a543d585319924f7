import type { MetricRow } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { MetricFilter, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** The newest measured values. */
export function latestMetrics(store: Store): Verb<MetricFilter, MetricRow[]> {
  return async (actor, filter) => {
    demand(actor, 'read');
    return store.latestMetrics(filter);
  };
}
