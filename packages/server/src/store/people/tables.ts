import type { AuditEntry, Labels, Role } from '@hive/contract';

/** Someone who may sign in, as stored. */
export interface StoredUser {
  id: string;
  createdAt: Date;
  /** In lower case. */
  email: string;
  name: string;
  role: Role;
  /** Only targets that have all of these labels; null: all. */
  targets: Labels | null;
  passwordHash: string | null;
  /** Issuer and subject of who signs in with OpenID Connect. */
  subject: string | null;
  lastSeenAt: Date | null;
}

export interface StoredUserSession {
  id: string;
  userId: string;
  secretHash: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  /** It is not extended beyond this; null: while it is used. */
  endsAt: Date | null;
  from: string | null;
  agent: string | null;
}

export interface OnceCode {
  hash: string;
  purpose: string;
  data: Record<string, unknown>;
  expiresAt: Date;
}

/** Who may sign in, and where they have. */
export interface PeopleTable extends ApiTokenTable, AuditTable {
  /** Whether people have accounts: once true, always true. */
  hasAccounts(): Promise<boolean>;
  /** From now on people have accounts, even if nobody has one yet. */
  beginAccounts(): Promise<void>;
  /** Stores the first of all, and {@link beginAccounts}. False when there was one before, also at the same moment. */
  createFirstUser(user: StoredUser): Promise<boolean>;
  /** Throws HiveError `conflict` when the e-mail address is taken. */
  createUser(user: StoredUser): Promise<void>;
  getUser(id: string): Promise<StoredUser | null>;
  findUser(by: { email: string } | { subject: string }): Promise<StoredUser | null>;
  /** In order of their e-mail addresses. */
  listUsers(): Promise<StoredUser[]>;
  /** Null when there is none. Throws HiveError `conflict` when no admin would be left. */
  updateUser(id: string, change: Partial<Omit<StoredUser, 'id' | 'createdAt'>>): Promise<StoredUser | null>;
  /** With their sessions. False when there was none. Throws HiveError `conflict` when no admin would be left. */
  deleteUser(id: string): Promise<boolean>;

  createUserSession(session: StoredUserSession): Promise<void>;
  /** With who it is of. */
  findUserSession(id: string): Promise<{ session: StoredUserSession; user: StoredUser } | null>;
  /** Says that it and its user were seen, and how long it is good. */
  touchUserSession(id: string, at: { seen: Date; expires: Date }): Promise<void>;
  /** The one last seen first. */
  listUserSessions(userId: string): Promise<StoredUserSession[]>;
  /** Ends one session of someone, or all but one. Returns how many. */
  endUserSessions(userId: string, which: { id: string } | { allBut: string | null }): Promise<number>;

  putOnce(code: OnceCode): Promise<void>;
  /** What a code is good for, to one caller alone; null: there is none, or it is too late. */
  takeOnce(hash: string, at: { purpose: string; now: Date }): Promise<Record<string, unknown> | null>;

  /** Counts an attempt to sign in as failed until {@link forgetFailures}. False, and not counted, where there were `most` since `since`. */
  addFailure(of: string, at: { now: Date; since: Date; most: number }): Promise<boolean>;
  forgetFailures(of: string): Promise<void>;
}

export interface StoredApiToken {
  id: string;
  secretHash: string;
  name: string;
  role: Role;
  targets: Labels | null;
  /** Null: whoever runs this Hive. */
  makerId: string | null;
  createdAt: Date;
  /** Null: never. */
  expiresAt: Date | null;
  lastSeenAt: Date | null;
}

/** Tokens of programs. */
export interface ApiTokenTable {
  createApiToken(token: StoredApiToken): Promise<void>;
  /** With who made it, as they are now. */
  findApiToken(id: string): Promise<{ token: StoredApiToken; maker: StoredUser | null } | null>;
  /** The oldest first. */
  listApiTokens(): Promise<{ token: StoredApiToken; maker: StoredUser | null }[]>;
  touchApiToken(id: string, at: Date): Promise<void>;
  deleteApiToken(id: string): Promise<boolean>;
}

export interface AuditFilter {
  who?: string | undefined;
  action?: string | undefined;
  outcome?: AuditEntry['outcome'] | undefined;
  /** ISO 8601; both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/** What somebody did: rows are added, and never changed or removed. */
export interface AuditTable {
  addAudit(entry: AuditEntry): Promise<void>;
  /** The newest first; `next` is the `after` of the following page. */
  listAudit(filter: AuditFilter): Promise<{ rows: AuditEntry[]; next: string | null }>;
}
