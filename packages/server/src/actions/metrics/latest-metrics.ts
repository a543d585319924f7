import type { MetricRow } from '@hive/contract';
import { countFitting } from '../../answer-size.js';
import { demand } from '../../identity/principal.js';
import type { MetricFilter, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** The newest measured values, as many as one answer holds. */
export function latestMetrics(store: Store): Verb<MetricFilter, MetricRow[]> {
  return async (actor, filter) => {
    demand(actor, 'read');
    const rows = await store.latestMetrics(filter);
    return rows.slice(0, await countFitting(rows));
  };
}
