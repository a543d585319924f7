import type {
  ChannelType,
  Delivery,
  IncidentEvent,
  Labels,
  Rule,
  Schedule,
  ScheduledResult,
  ServiceCheck,
} from '@hive/contract';
import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { targets } from '../schema.js';
import type { IncidentFound, WatchState } from './incident-tables.js';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
const targetId = () =>
  text('target_id')
    .notNull()
    .references(() => targets.id, { onDelete: 'cascade' });

export const schedules = pgTable(
  'schedules',
  {
    id: text('id').primaryKey(),
    created_at: instant('created_at').notNull(),
    target_id: targetId(),
    what: jsonb('what').$type<Schedule['what']>().notNull(),
    when: text('when').notNull(),
    time_zone: text('time_zone').notNull(),
    is_on: boolean('is_on').notNull(),
    /** Null: it is off, or its time never comes again. */
    next_at: instant('next_at'),
  },
  (table) => [index('schedules_next').on(table.next_at), index('schedules_target').on(table.target_id)],
);

/** One time of a schedule. Who runs it holds it until `lease_until`, and extends that. */
export const scheduleRuns = pgTable(
  'schedule_runs',
  {
    id: text('id').primaryKey(),
    schedule_id: text('schedule_id')
      .notNull()
      .references(() => schedules.id, { onDelete: 'cascade' }),
    due_at: instant('due_at').notNull(),
    started_at: instant('started_at').notNull(),
    ended_at: instant('ended_at'),
    result: text('result').$type<ScheduledResult>().notNull(),
    reason: text('reason'),
    session_id: text('session_id'),
    check_id: text('check_id'),
    lease_until: instant('lease_until'),
  },
  (table) => [
    index('schedule_runs_newest').on(table.schedule_id, table.started_at, table.id),
    index('schedule_runs_running').on(table.result, table.lease_until),
  ],
);

export const checks = pgTable(
  'checks',
  {
    id: text('id').primaryKey(),
    at: instant('at').notNull(),
    target_id: targetId(),
    result: text('result').$type<ServiceCheck['result']>().notNull(),
    /** The rest of it. */
    found: jsonb('found').$type<Omit<ServiceCheck, 'id' | 'at' | 'target' | 'result'>>().notNull(),
  },
  (table) => [index('checks_newest').on(table.target_id, table.at, table.id), index('checks_at').on(table.at)],
);

/** Checks counted by hour: what is left of them when they are not kept any more. */
export const checkHours = pgTable(
  'check_hours',
  {
    target_id: targetId(),
    hour: instant('hour').notNull(),
    result: text('result').$type<ServiceCheck['result']>().notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.target_id, table.hour, table.result] }),
    index('check_hours_hour').on(table.hour),
  ],
);

export const rules = pgTable('rules', {
  id: text('id').primaryKey(),
  created_at: instant('created_at').notNull(),
  /** Null: every target. */
  target_id: text('target_id').references(() => targets.id, { onDelete: 'cascade' }),
  rule: jsonb('rule').$type<Omit<Rule, 'id' | 'createdAt' | 'target'>>().notNull(),
});

/** What a rule has seen of a target, so that a restart goes on from there. */
export const watches = pgTable('watches', {
  key: text('key').primaryKey(),
  rule_id: text('rule_id').references(() => rules.id, { onDelete: 'cascade' }),
  target_id: text('target_id').references(() => targets.id, { onDelete: 'cascade' }),
  state: jsonb('state').$type<WatchState>().notNull(),
});

export const incidents = pgTable(
  'incidents',
  {
    id: text('id').primaryKey(),
    /** What it is about: of each, one is open at most, however many servers look. */
    key: text('key').notNull(),
    rule_id: text('rule_id').references(() => rules.id, { onDelete: 'set null' }),
    target_id: text('target_id').references(() => targets.id, { onDelete: 'cascade' }),
    opened_at: instant('opened_at').notNull(),
    closed_at: instant('closed_at'),
    flapping: boolean('flapping').notNull(),
    acknowledged_at: instant('acknowledged_at'),
    acknowledged_by: text('acknowledged_by'),
    muted_until: instant('muted_until'),
    group_id: text('group_id'),
    /** The rest of it, as it was found. */
    found: jsonb('found').$type<IncidentFound>().notNull(),
  },
  (table) => [
    uniqueIndex('incidents_one_open')
      .on(table.key)
      .where(sql`closed_at is null`),
    index('incidents_newest').on(table.opened_at, table.id),
    index('incidents_of').on(table.key, table.opened_at),
    index('incidents_target').on(table.target_id, table.opened_at),
  ],
);

export const incidentEvents = pgTable(
  'incident_events',
  {
    id: text('id').primaryKey(),
    incident_id: text('incident_id')
      .notNull()
      .references(() => incidents.id, { onDelete: 'cascade' }),
    /** The same thing is told once. */
    key: text('key').notNull(),
    at: instant('at').notNull(),
    type: text('type').$type<IncidentEvent['type']>().notNull(),
    who: text('who'),
    text: text('text'),
    /** When it was decided which channels are told; null: not yet. */
    planned_at: instant('planned_at'),
  },
  (table) => [
    uniqueIndex('incident_events_once').on(table.incident_id, table.key),
    index('incident_events_at').on(table.at),
    index('incident_events_unplanned')
      .on(table.at)
      .where(sql`planned_at is null`),
  ],
);

export const maintenance = pgTable(
  'maintenance',
  {
    id: text('id').primaryKey(),
    target_id: text('target_id').references(() => targets.id, { onDelete: 'cascade' }),
    from: instant('from').notNull(),
    to: instant('to').notNull(),
    reason: text('reason').notNull(),
  },
  (table) => [index('maintenance_to').on(table.to)],
);

export const channels = pgTable('channels', {
  id: text('id').primaryKey(),
  created_at: instant('created_at').notNull(),
  changed_at: instant('changed_at').notNull(),
  name: text('name'),
  type: text('type').$type<ChannelType>().notNull(),
  when: jsonb('when').$type<Labels>().notNull(),
  is_on: boolean('is_on').notNull(),
  settings: jsonb('settings').$type<Record<string, unknown>>().notNull(),
  /** Encrypted, by field. */
  sealed: jsonb('sealed').$type<Record<string, string>>(),
});

/** One message to one channel about one event. Who sends it holds it until `lease_until`. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    /** In this order they are sent. */
    number: bigserial('number', { mode: 'number' }).notNull(),
    incident_id: text('incident_id').notNull(),
    event_id: text('event_id')
      .notNull()
      .references(() => incidentEvents.id, { onDelete: 'cascade' }),
    /** What was sent stays when its channel is deleted. */
    channel_id: text('channel_id').notNull(),
    status: text('status').$type<Delivery['status']>().notNull(),
    tries: integer('tries').notNull(),
    created_at: instant('created_at').notNull(),
    next_at: instant('next_at'),
    lease_until: instant('lease_until'),
    ended_at: instant('ended_at'),
    answer: integer('answer'),
    reason: text('reason'),
  },
  (table) => [
    uniqueIndex('deliveries_once').on(table.incident_id, table.channel_id, table.event_id),
    index('deliveries_event').on(table.event_id),
    index('deliveries_waiting')
      .on(table.next_at)
      .where(sql`status = 'waiting'`),
  ],
);

/** The newest weekly mail of a channel: of many servers one claims each try. */
export const weeklyMails = pgTable('weekly_mails', {
  channel_id: text('channel_id')
    .primaryKey()
    .references(() => channels.id, { onDelete: 'cascade' }),
  /** When it was due. */
  due_at: instant('due_at').notNull(),
  tries: integer('tries').notNull(),
  /** Null: it is being sent, or over. */
  next_at: instant('next_at'),
  ended_at: instant('ended_at'),
  problem: text('problem'),
});

export const secrets = pgTable('secrets', {
  name: text('name').primaryKey(),
  changed_at: instant('changed_at').notNull(),
  /** Encrypted; null: it was left out of the backup that it came from. */
  sealed: text('sealed'),
});
