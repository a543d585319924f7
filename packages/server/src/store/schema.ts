import type {
  Answer,
  Difficulty,
  EndCode,
  Kind,
  Labels,
  Limit,
  MetricType,
  ScenarioParameters,
  ScenarioResult,
  SettableStore,
  Target,
  Validity,
  Verdict,
  Window,
} from '@hive/contract';
import type { SessionMode, SessionRow } from '@hive/contract';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const targets = pgTable('targets', {
  id: text('id').primaryKey(),
  created_at: instant('created_at').notNull(),
  target: jsonb('target').$type<Target>().notNull(),
});

export const trainingSessions = pgTable(
  'training_sessions',
  {
    id: text('id').primaryKey(),
    started_at: instant('started_at').notNull(),
    ended_at: instant('ended_at'),
    total_scenarios: integer('total_scenarios').notNull(),
    successful_scenarios: integer('successful_scenarios').notNull(),
    average_performance: doublePrecision('average_performance'),
    metrics: jsonb('metrics').$type<Record<string, unknown>>().notNull(),
    target_id: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    status: text('status').$type<SessionRow['status']>().notNull(),
    kinds: jsonb('kinds').$type<Kind[]>().notNull(),
    budget_seconds: doublePrecision('budget_seconds'),
    precision: doublePrecision('precision'),
    hold_seconds: doublePrecision('hold_seconds'),
    mode: text('mode').$type<SessionMode>(),
    labels: jsonb('labels').$type<Labels>().notNull().default({}),
    question: jsonb('question').$type<SessionRow['question']>(),
    answer: text('answer').$type<Answer>(),
    max_rate_per_second: doublePrecision('max_rate_per_second'),
    max_connections: integer('max_connections'),
    paused_seconds: doublePrecision('paused_seconds').notNull().default(0),
    runtime_seconds: doublePrecision('runtime_seconds'),
    end_code: text('end_code').$type<EndCode>(),
    end_reason: text('end_reason'),
    limits: jsonb('limits').$type<Limit[]>().notNull(),
  },
  (table) => [
    index('training_sessions_newest').on(table.started_at, table.id),
    index('training_sessions_target').on(table.target_id, table.started_at, table.id),
    index('training_sessions_left')
      .on(sql`coalesce(${table.ended_at}, ${table.started_at})`, table.id)
      .where(sql`jsonb_array_length(${table.limits}) > 0`),
    index('training_sessions_left_by_target')
      .on(table.target_id, sql`coalesce(${table.ended_at}, ${table.started_at})`, table.id)
      .where(sql`jsonb_array_length(${table.limits}) > 0`),
    index('training_sessions_running')
      .on(table.id)
      .where(sql`${table.status} = 'running'`),
  ],
);

export const testScenarios = pgTable(
  'test_scenarios',
  {
    id: text('id').primaryKey(),
    created_at: instant('created_at').notNull(),
    scenario_type: text('scenario_type').$type<Kind>().notNull(),
    difficulty: text('difficulty').$type<Difficulty>().notNull(),
    parameters: jsonb('parameters').$type<ScenarioParameters>().notNull(),
    completed: boolean('completed').notNull(),
    success_rate: doublePrecision('success_rate'),
    execution_time: doublePrecision('execution_time'),
    results: jsonb('results').$type<ScenarioResult>(),
    target_id: text('target_id')
      .notNull()
      .references(() => targets.id, { onDelete: 'cascade' }),
    session_id: text('session_id').references(() => trainingSessions.id, { onDelete: 'set null' }),
    description: text('description').notNull(),
    expected_outcomes: jsonb('expected_outcomes').$type<string[]>().notNull(),
    calibrated: boolean('calibrated').notNull(),
    intensity: doublePrecision('intensity').notNull(),
    unit: text('unit').notNull(),
    verdict: text('verdict').$type<Verdict>(),
    validity: jsonb('validity').$type<Validity>(),
    reason: text('reason'),
    response_time: bytea('response_time'),
    service_time: bytea('service_time'),
  },
  (table) => [
    index('test_scenarios_newest').on(table.created_at, table.id),
    index('test_scenarios_target').on(table.target_id, table.created_at, table.id),
    index('test_scenarios_session').on(table.session_id, table.created_at, table.id),
    index('test_scenarios_learned')
      .on(table.target_id, table.scenario_type, table.created_at, table.id)
      .where(sql`${table.completed}`),
    index('test_scenarios_kind').on(table.scenario_type, table.created_at, table.id),
    index('test_scenarios_verdict').on(table.verdict, table.created_at, table.id),
    index('test_scenarios_validity').on(sql`(${table.validity} ->> 'status')`, table.created_at, table.id),
  ],
);

/** The UTC day a row was measured on: what its table is divided by. An instance of 0.1.0 that still writes leaves it to the database. */
const day = () =>
  date('day', { mode: 'string' })
    .notNull()
    .default(sql`(now() at time zone 'utc')::date`);
const numbered = (sequence: string) =>
  bigint('id', { mode: 'number' })
    .notNull()
    .default(sql.raw(`nextval('${sequence}')`));

export const windowNumbers = pgSequence('windows_numbers');
export const metricNumbers = pgSequence('performance_metrics_numbers');

/** Divided by day: see drizzle/0002_days.sql and measured/days.ts. */
export const windows = pgTable(
  'windows',
  {
    day: day(),
    id: numbered('windows_numbers'),
    scenario_id: text('scenario_id')
      .notNull()
      .references(() => testScenarios.id, { onDelete: 'cascade' }),
    from_ms: doublePrecision('from_ms').notNull(),
    /** Of a row of 0.1.0; later ones are `packed`. */
    data: jsonb('data').$type<Window>(),
    packed: bytea('packed'),
    response_time: bytea('response_time'),
    service_time: bytea('service_time'),
  },
  (table) => [
    primaryKey({ columns: [table.day, table.id] }),
    index('windows_scenario').on(table.scenario_id, table.from_ms),
  ],
);

/** Divided by day, as {@link windows}. */
export const performanceMetrics = pgTable(
  'performance_metrics',
  {
    day: day(),
    id: numbered('performance_metrics_numbers'),
    timestamp: instant('timestamp').notNull(),
    metric_type: text('metric_type').$type<MetricType>().notNull(),
    value: doublePrecision('value').notNull(),
    scenario_id: text('scenario_id')
      .notNull()
      .references(() => testScenarios.id, { onDelete: 'cascade' }),
    /** The window of the same day that says more of it; null: `metadata` says it all. */
    window_id: bigint('window_id', { mode: 'number' }),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull(),
  },
  // Rows of one second have equal keys, which a B-tree keeps once: with the id among the columns each would take its own place.
  (table) => [
    primaryKey({ columns: [table.day, table.id] }),
    index('performance_metrics_newest').on(table.timestamp),
    index('performance_metrics_scenario').on(table.scenario_id, table.timestamp),
    // What not every window has: the other types are found by time.
    index('performance_metrics_watched')
      .on(table.metric_type, table.timestamp)
      .where(sql`${table.metric_type} in ('target_cpu', 'target_memory')`),
  ],
);

/** A minute of a run: its windows merged. Kept when its windows no longer are. */
export const rollups = pgTable(
  'rollups',
  {
    scenario_id: text('scenario_id')
      .notNull()
      .references(() => testScenarios.id, { onDelete: 'cascade' }),
    /** Since the run's first planned send. */
    minute: integer('minute').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    /** A packed window. */
    counts: bytea('counts').notNull(),
    response_time: bytea('response_time'),
    service_time: bytea('service_time'),
  },
  (table) => [primaryKey({ columns: [table.scenario_id, table.minute] }), index('rollups_day').on(table.day)],
);

/** What happened to services beside measurements: releases and the like. */
export const marks = pgTable(
  'marks',
  {
    id: text('id').primaryKey(),
    at: instant('at').notNull(),
    /** Null: it concerns every target. */
    target_id: text('target_id').references(() => targets.id, { onDelete: 'cascade' }),
    text: text('text').notNull(),
    url: text('url'),
    labels: jsonb('labels').$type<Record<string, string>>().notNull(),
  },
  (table) => [
    index('marks_newest').on(table.at, table.id),
    index('marks_target').on(table.target_id, table.at, table.id),
  ],
);

/** What was set of the stores: see space/. */
export const storageSettings = pgTable('storage_settings', {
  name: text('name').$type<SettableStore>().primaryKey(),
  /** Null: without end. */
  keep_days: integer('keep_days'),
});
