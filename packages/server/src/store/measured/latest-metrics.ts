import { METRIC_UNITS, type MetricRow, type Window } from '@hive/contract';
import { and, desc, eq, inArray, isNotNull, or, sql, type SQL } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from '../database.js';
import {
  performanceMetrics as metrics,
  testScenarios as scenarios,
  trainingSessions as sessions,
  windows,
} from '../schema.js';
import { windowOf } from './packed-window.js';
import type { MetricFilter } from '../store.js';

type Stored = typeof metrics.$inferSelect;

/** Runs whose values are read at once at first; four times as many each further time. */
const FIRST_RUNS = 16;

/** The newest values, newest first. Those of a target or session are looked up run by run, not by going through the values of all. */
export async function latestMetrics(db: Database, filter: MetricFilter): Promise<MetricRow[]> {
  const { scenarioId, metricType, session, target, targets, limit } = filter;
  const wanted = [
    metricType && eq(metrics.metric_type, metricType),
    // Those of an earlier execution say so themselves.
    session === undefined
      ? undefined
      : or(isNotNull(metrics.window_id), sql`${metrics.metadata} ->> 'session_id' = ${session}`),
  ];
  const newest = (of?: SQL) =>
    db
      .select()
      .from(metrics)
      .where(and(of, ...wanted))
      .orderBy(desc(metrics.timestamp), desc(metrics.id))
      .limit(limit);
  if ([scenarioId, target, targets, session].every((one) => one === undefined)) return described(db, await newest());

  // Each run by its own index: asked for several at once, the database goes through the newest values of all runs instead. It knows from an id
  // itself, not from a column, that few rows of a day with one long run are of this one.
  async function newestOf([first, ...more]: string[]): Promise<Stored[]> {
    if (first === undefined) return [];
    const one = newest(eq(metrics.scenario_id, first));
    const [second, ...others] = more.map((id) => newest(eq(metrics.scenario_id, id)));
    return second === undefined ? one : unionAll(one, second, ...others);
  }

  // With many, planning would take longer than reading.
  async function newestOfMany(asked: string[]): Promise<Stored[]> {
    const runs = db.select({ id: scenarios.id }).from(scenarios).where(inArray(scenarios.id, asked)).as('runs');
    const own = newest(eq(metrics.scenario_id, runs.id)).as('own');
    return (await db.select().from(runs).crossJoinLateral(own)).map((row) => row.own);
  }

  const ids = await newestRuns(db, filter);
  const found: Stored[] = [];
  for (let from = 0, count = FIRST_RUNS; from < ids.length && found.length < limit; from += count, count *= 4) {
    const asked = ids.slice(from, from + count);
    found.push(...(await (from === 0 ? newestOf(asked) : newestOfMany(asked))));
  }
  const newestFirst = found.toSorted((a, b) => b.timestamp.getTime() - a.timestamp.getTime() || b.id - a.id);
  return described(db, newestFirst.slice(0, limit));
}

/** Ids of the runs that fit, the one last executed first: an old one may have been executed again. */
async function newestRuns(db: Database, { scenarioId, target, targets, session }: MetricFilter): Promise<string[]> {
  if (scenarioId?.includes('\0')) return [];
  const rows = await db
    .select({ id: scenarios.id })
    .from(scenarios)
    .leftJoin(
      sessions,
      and(eq(sessions.id, scenarios.session_id), target === undefined ? undefined : eq(sessions.target_id, target)),
    )
    .where(
      and(
        scenarioId === undefined ? undefined : eq(scenarios.id, scenarioId),
        target === undefined ? undefined : eq(scenarios.target_id, target),
        targets && inArray(scenarios.target_id, [...targets]),
        session === undefined ? undefined : eq(scenarios.session_id, session),
      ),
    )
    .orderBy(desc(sql`greatest(${scenarios.created_at}, ${sessions.started_at})`), desc(scenarios.created_at));
  return rows.map(({ id }) => id);
}

/** The rows as the API tells them: what a whole window has in common is kept once, with the window. */
async function described(db: Database, rows: readonly Stored[]): Promise<MetricRow[]> {
  const days = [...new Set(rows.filter((row) => row.window_id !== null).map(({ day }) => day))];
  const ids = [...new Set(rows.flatMap(({ window_id }) => window_id ?? []))];
  const found = new Map<number, Window>();
  if (ids.length > 0) {
    const kept = await db
      .select({ id: windows.id, data: windows.data, packed: windows.packed })
      .from(windows)
      .where(and(inArray(windows.day, days), inArray(windows.id, ids)));
    for (const row of kept) {
      const window = windowOf(row);
      if (window !== null) found.set(row.id, window);
    }
  }
  return rows.map(({ id, timestamp, metric_type, value, scenario_id, window_id, metadata }) => {
    const window = window_id === null ? undefined : found.get(window_id);
    const more = window === undefined ? metadata : metadataOf(window);
    return {
      id,
      timestamp: timestamp.toISOString(),
      metric_type,
      value,
      scenario_id,
      metadata: { unit: METRIC_UNITS[metric_type], ...more },
    };
  });
}

/** Removes the windows of a run. Its values stay, and say themselves what they were measured in. */
export async function forgetWindows(db: Database, scenarioId: string): Promise<void> {
  const kept = await db
    .delete(windows)
    .where(eq(windows.scenario_id, scenarioId))
    .returning({ id: windows.id, data: windows.data, packed: windows.packed });
  if (kept.length === 0) return;
  const said = kept.flatMap((row) => {
    const window = windowOf(row);
    return window === null ? [] : [{ id: row.id, metadata: JSON.stringify(metadataOf(window)) }];
  });
  await db.execute(sql`
    update performance_metrics set window_id = null, metadata = said.metadata::jsonb
    from unnest(
      ${sql.param(said.map(({ id }) => id))}::bigint[],
      ${sql.param(said.map(({ metadata }) => metadata))}::text[]
    ) as said (id, metadata)
    where scenario_id = ${scenarioId} and window_id = said.id`);
}

/** What a value says of the window that it was measured in. */
function metadataOf({ phase, sessionId, fromMs, toMs }: Window): Record<string, unknown> {
  return { phase, session_id: sessionId, from_ms: fromMs, to_ms: toMs };
}
