import type { AuditEntry, Labels, Role } from '@hive/contract';
import { index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const users = pgTable('users', {
  id: text('id').primaryKey(),
  created_at: instant('created_at').notNull(),
  email: text('email').notNull().unique(),
  name: text('name').notNull(),
  role: text('role').$type<Role>().notNull(),
  /** Only targets that have all of these labels; null: all. */
  targets: jsonb('targets').$type<Labels>(),
  password_hash: text('password_hash'),
  /** Issuer and subject of who signs in with OpenID Connect. */
  subject: text('subject').unique(),
  last_seen_at: instant('last_seen_at'),
});

/** What never changes back, such as that people have accounts. */
export const identityState = pgTable('identity_state', { name: text('name').primaryKey() });

export const userSessions = pgTable(
  'user_sessions',
  {
    id: text('id').primaryKey(),
    user_id: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    secret_hash: text('secret_hash').notNull(),
    created_at: instant('created_at').notNull(),
    last_seen_at: instant('last_seen_at').notNull(),
    expires_at: instant('expires_at').notNull(),
    /** It is not extended beyond this; null: while it is used. */
    ends_at: instant('ends_at'),
    from_address: text('from_address'),
    agent: text('agent'),
  },
  (table) => [index('user_sessions_user').on(table.user_id), index('user_sessions_expires').on(table.expires_at)],
);

/** What is good once, such as the link of the first admin. */
export const onceCodes = pgTable(
  'once_codes',
  {
    hash: text('hash').primaryKey(),
    purpose: text('purpose').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    expires_at: instant('expires_at').notNull(),
  },
  (table) => [index('once_codes_expires').on(table.expires_at)],
);

/** Attempts to sign in that have not succeeded. */
export const signInFailures = pgTable(
  'sign_in_failures',
  { id: text('id').primaryKey(), of: text('of').notNull(), at: instant('at').notNull() },
  (table) => [index('sign_in_failures_of').on(table.of, table.at), index('sign_in_failures_at').on(table.at)],
);

/** Tokens of programs. What is stored of one opens nothing. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: text('id').primaryKey(),
    secret_hash: text('secret_hash').notNull(),
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    targets: jsonb('targets').$type<Labels>(),
    /** Null: whoever runs this Hive. */
    maker_id: text('maker_id').references(() => users.id, { onDelete: 'cascade' }),
    created_at: instant('created_at').notNull(),
    /** Null: never. */
    expires_at: instant('expires_at'),
    last_seen_at: instant('last_seen_at'),
  },
  (table) => [index('api_tokens_maker').on(table.maker_id)],
);

/** What somebody did. Rows are added, and never changed. */
export const audit = pgTable(
  'audit',
  {
    id: text('id').primaryKey(),
    at: instant('at').notNull(),
    who: text('who').notNull(),
    name: text('name').notNull(),
    action: text('action').notNull(),
    on_what: text('on_what'),
    from_address: text('from_address'),
    outcome: text('outcome').$type<AuditEntry['outcome']>().notNull(),
    reason: text('reason'),
  },
  (table) => [
    index('audit_newest').on(table.at, table.id),
    index('audit_who').on(table.who, table.at, table.id),
    index('audit_action').on(table.action, table.at, table.id),
  ],
);
