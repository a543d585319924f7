import { METRIC_UNITS } from '@hive/contract';
import { and, desc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import type { Database } from './database.js';
import { metricValues } from './metric-values.js';
import { performanceMetrics as metrics, testScenarios as scenarios, windows } from './schema.js';
import type { KeptWindow, Store } from './store.js';

type WindowQueries = Pick<Store, 'appendWindows' | 'listWindows' | 'latestMetrics'>;

export function windowQueries(db: Database): WindowQueries {
  const runsWhere = (condition: SQL) => db.select({ id: scenarios.id }).from(scenarios).where(condition);
  return {
    async appendWindows(kept) {
      if (kept.length > 0) await db.execute(appendStatement(kept));
    },

    async listWindows(scenarioId) {
      const rows = await db
        .select({ data: windows.data })
        .from(windows)
        .where(eq(windows.scenario_id, scenarioId))
        .orderBy(windows.from_ms, windows.id);
      return rows.map((row) => row.data);
    },

    async latestMetrics({ scenarioId, metricType, target, session, limit }) {
      const rows = await db
        .select()
        .from(metrics)
        .where(
          and(
            scenarioId === undefined ? undefined : eq(metrics.scenario_id, scenarioId),
            metricType && eq(metrics.metric_type, metricType),
            target === undefined ? undefined : inArray(metrics.scenario_id, runsWhere(eq(scenarios.target_id, target))),
            session === undefined
              ? undefined
              : and(
                  inArray(metrics.scenario_id, runsWhere(eq(scenarios.session_id, session))),
                  // A run that is executed again keeps what it measured before.
                  sql`${metrics.metadata} ->> 'session_id' = ${session}`,
                ),
          ),
        )
        .orderBy(desc(metrics.timestamp), desc(metrics.id))
        .limit(limit);
      return rows.map((row) => ({ ...row, timestamp: row.timestamp.toISOString() }));
    },
  };
}

/** One statement for the whole batch and both tables: columns travel as arrays, histograms as base64 within them. */
function appendStatement(kept: KeptWindow[]) {
  const values = kept.flatMap(({ window }) =>
    metricValues(window).map(([type, value]) => ({
      at: window.at,
      type,
      value,
      scenarioId: window.scenarioId,
      metadata: {
        unit: METRIC_UNITS[type],
        phase: window.phase,
        session_id: window.sessionId,
        from_ms: window.fromMs,
        to_ms: window.toMs,
      },
    })),
  );
  return sql`
    with appended as (
      insert into windows (scenario_id, from_ms, data, response_time, service_time)
      select scenario_id, from_ms, data::jsonb, decode(response_time, 'base64'), decode(service_time, 'base64')
      from unnest(
        ${sql.param(kept.map(({ window }) => window.scenarioId))}::text[],
        ${sql.param(kept.map(({ window }) => window.fromMs))}::double precision[],
        ${sql.param(kept.map(({ window }) => JSON.stringify(window)))}::text[],
        ${sql.param(kept.map(({ responseTime }) => base64(responseTime)))}::text[],
        ${sql.param(kept.map(({ serviceTime }) => base64(serviceTime)))}::text[]
      ) with ordinality as kept (scenario_id, from_ms, data, response_time, service_time, place)
      order by place
    )
    insert into performance_metrics (timestamp, metric_type, value, scenario_id, metadata)
    select at::timestamptz, metric_type, value, scenario_id, metadata::jsonb
    from unnest(
      ${sql.param(values.map(({ at }) => at))}::text[],
      ${sql.param(values.map(({ type }) => type))}::text[],
      ${sql.param(values.map(({ value }) => value))}::double precision[],
      ${sql.param(values.map(({ scenarioId }) => scenarioId))}::text[],
      ${sql.param(values.map(({ metadata }) => JSON.stringify(metadata)))}::text[]
    ) with ordinality as measured (at, metric_type, value, scenario_id, metadata, place)
    order by place`;
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
