import type {
  Difficulty,
  EndCode,
  Kind,
  Limit,
  MetricType,
  ScenarioParameters,
  ScenarioResult,
  Target,
  Validity,
  Verdict,
  Window,
} from '@hive/contract';
import type { SessionRow } from '@hive/contract';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
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
    runtime_seconds: doublePrecision('runtime_seconds'),
    end_code: text('end_code').$type<EndCode>(),
    end_reason: text('end_reason'),
    limits: jsonb('limits').$type<Limit[]>().notNull(),
  },
  (table) => [
    index('training_sessions_newest').on(table.started_at, table.id),
    index('training_sessions_target').on(table.target_id, table.started_at, table.id),
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
    index('test_scenarios_kind').on(table.scenario_type, table.created_at, table.id),
  ],
);

export const windows = pgTable(
  'windows',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    scenario_id: text('scenario_id')
      .notNull()
      .references(() => testScenarios.id, { onDelete: 'cascade' }),
    from_ms: doublePrecision('from_ms').notNull(),
    data: jsonb('data').$type<Window>().notNull(),
    response_time: bytea('response_time'),
    service_time: bytea('service_time'),
  },
  (table) => [index('windows_scenario').on(table.scenario_id, table.from_ms, table.id)],
);

export const performanceMetrics = pgTable(
  'performance_metrics',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    timestamp: instant('timestamp').notNull(),
    metric_type: text('metric_type').$type<MetricType>().notNull(),
    value: doublePrecision('value').notNull(),
    scenario_id: text('scenario_id')
      .notNull()
      .references(() => testScenarios.id, { onDelete: 'cascade' }),
    metadata: jsonb('metadata').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    index('performance_metrics_newest').on(table.timestamp, table.id),
    index('performance_metrics_type').on(table.metric_type, table.timestamp, table.id),
    index('performance_metrics_scenario').on(table.scenario_id, table.timestamp, table.id),
  ],
);
