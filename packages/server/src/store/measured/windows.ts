import { and, eq, gte, lt, sql } from 'drizzle-orm';
import { base64 } from '../../base64.js';
import type { Database } from '../database.js';
import { latestMetrics } from './latest-metrics.js';
import { metricValues } from './metric-values.js';
import { listMinutes, readKept } from './rollups.js';
import { packWindow, windowOf } from './packed-window.js';
import { windows } from '../schema.js';
import type { KeptWindow, Store } from '../store.js';

type WindowQueries = Pick<Store, 'appendWindows' | 'listWindows' | 'listMinutes' | 'readKept' | 'latestMetrics'>;

export function windowQueries(db: Database): WindowQueries {
  return {
    async appendWindows(kept) {
      if (kept.length > 0) await db.execute(appendStatement(kept));
    },

    async listWindows(scenarioId, { fromMs, toMs, limit } = {}) {
      const query = db
        .select({ data: windows.data, packed: windows.packed })
        .from(windows)
        .where(
          and(
            eq(windows.scenario_id, scenarioId),
            fromMs === undefined ? undefined : gte(windows.from_ms, fromMs),
            toMs === undefined ? undefined : lt(windows.from_ms, toMs),
          ),
        )
        .orderBy(windows.from_ms, windows.id);
      const rows = await (limit === undefined ? query : query.limit(limit));
      return rows.flatMap((row) => windowOf(row) ?? []);
    },

    listMinutes: (scenarioId) => listMinutes(db, scenarioId),
    readKept: (part) => readKept(db, part),
    latestMetrics: (filter) => latestMetrics(db, filter),
  };
}

/** One statement for the whole batch and both tables: columns travel as arrays, bytes as base64 within them. */
function appendStatement(kept: KeptWindow[]) {
  const values = kept.flatMap(({ window }, index) =>
    metricValues(window).map(([type, value]) => ({ place: index + 1, type, value })),
  );
  return sql`
    with given as (
      select *, at::timestamptz as measured, (at::timestamptz at time zone 'utc')::date as day,
        nextval('windows_numbers') as id
      from unnest(
        ${sql.param(kept.map(({ window }) => window.at))}::text[],
        ${sql.param(kept.map(({ window }) => window.scenarioId))}::text[],
        ${sql.param(kept.map(({ window }) => window.fromMs))}::double precision[],
        ${sql.param(kept.map(({ window }) => base64(packWindow(window))))}::text[],
        ${sql.param(kept.map(({ responseTime }) => base64(responseTime)))}::text[],
        ${sql.param(kept.map(({ serviceTime }) => base64(serviceTime)))}::text[]
      ) with ordinality as kept (at, scenario_id, from_ms, packed, response_time, service_time, place)
    ), appended as (
      insert into windows (day, id, scenario_id, from_ms, packed, response_time, service_time)
      select day, id, scenario_id, from_ms,
        decode(packed, 'base64'), decode(response_time, 'base64'), decode(service_time, 'base64')
      from given
      order by place
    )
    insert into performance_metrics (day, timestamp, metric_type, value, scenario_id, window_id, metadata)
    select given.day, given.measured, value.metric_type, value.value, given.scenario_id, given.id, '{}'
    from unnest(
      ${sql.param(values.map(({ place }) => place))}::bigint[],
      ${sql.param(values.map(({ type }) => type))}::text[],
      ${sql.param(values.map(({ value }) => value))}::double precision[]
    ) with ordinality as value (of, metric_type, value, place)
    join given on given.place = value.of
    order by value.place`;
}
