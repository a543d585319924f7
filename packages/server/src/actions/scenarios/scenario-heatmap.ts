import type { Heatmap } from '@hive/contract';
import { findScenario, unknownScenario } from '../../history/find-scenario.js';
import { heatmapOf, keptOf, percentilesOf } from '../../history/heatmap.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** Of a longer run its minutes are read: they show as much in as many columns. */
const MOST_SECONDS = 7_200;

/** When the response times of a run were what, in at most this many columns. Throws HiveError `not_found`. */
export function scenarioHeatmap(store: Store): Verb<{ id: string; columns: number }, Heatmap> {
  return async (actor, { id, columns }) => {
    demand(actor, 'read');
    const { parameters } = await findScenario(store, id);
    const histograms = await store.getHistograms(id);
    if (histograms === null) throw unknownScenario(id);
    const { warmupMs, durationMs } = parameters.plan;
    const isLong = (warmupMs + durationMs) / 1_000 > MOST_SECONDS;
    const first = isLong ? 'minutes' : 'seconds';
    let of: 'seconds' | 'minutes' = first;
    let map = await heatmapOf(keptOf(store, { scenarioId: id, of }), columns);
    if (map.columns.length === 0) {
      of = first === 'minutes' ? 'seconds' : 'minutes';
      map = await heatmapOf(keptOf(store, { scenarioId: id, of }), columns);
    }
    return {
      scenario_id: id,
      windowSeconds: of === 'seconds' || map.columns.length === 0 ? 1 : 60,
      ...map,
      responseTimeMs: percentilesOf(histograms.responseTime),
      serviceTimeMs: percentilesOf(histograms.serviceTime),
    };
  };
}
