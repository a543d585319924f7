import type {
  Difficulty,
  Kind,
  Labels,
  Limit,
  Mark,
  MetricRow,
  MetricType,
  Scenario,
  ScenarioCounts,
  ScenarioResult,
  ScenarioRow,
  SessionMode,
  SessionRow,
  SettableStore,
  Storage,
  Target,
  Validity,
  Verdict,
  Window,
} from '@hive/contract';
import type { PeopleTable } from './people/tables.js';
import type { ChannelTable } from './team/channel-tables.js';
import type { IncidentTable } from './team/incident-tables.js';
import type { CheckTable, ScheduleTable } from './team/tables.js';

/** A window with its encoded histograms, as it is kept. */
export interface KeptWindow {
  window: Window;
  responseTime: Uint8Array | null;
  serviceTime: Uint8Array | null;
}

/** A place between two windows of a run. */
export interface KeptPlace {
  fromMs: number;
  id: number;
}

/** Its windows, or the minutes of a run that is over. */
export interface KeptPart {
  scenarioId: string;
  of: 'seconds' | 'minutes';
  after?: KeptPlace | undefined;
}

/** `next`: where the next batch begins; null: this was the last. */
export interface KeptPage {
  windows: KeptWindow[];
  next: KeptPlace | null;
}

export interface ScenarioFilter {
  kind?: Kind | undefined;
  difficulty?: Difficulty | undefined;
  verdict?: Verdict | undefined;
  validity?: Validity['status'] | undefined;
  target?: string | undefined;
  targets?: readonly string[] | undefined;
  session?: string | undefined;
  /** ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
  text?: string | undefined;
  after?: string | undefined;
  limit: number;
}

export interface SessionFilter {
  target?: string | undefined;
  /** Only these. */
  targets?: readonly string[] | undefined;
  /** Those that have all of these. */
  labels?: Labels | undefined;
  after?: string | undefined;
  limit: number;
}

/** `fromMs` inclusive, `toMs` exclusive, since the first planned send. */
export interface WindowPart {
  fromMs?: number | undefined;
  toMs?: number | undefined;
  limit?: number | undefined;
}

export interface MetricFilter {
  scenarioId?: string | undefined;
  metricType?: MetricType | undefined;
  target?: string | undefined;
  targets?: readonly string[] | undefined;
  session?: string | undefined;
  limit: number;
}

/** One page, newest first; `next` is the `after` of the following page, null on the last. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

export interface MarkFilter {
  /** Its marks, and those that concern every target; absent: all. */
  target?: string | undefined;
  /** Only marks of these, and those that concern every target. */
  targets?: readonly string[] | undefined;
  /** ISO 8601; both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
}

export interface LearnedFilter {
  target: string;
  kind: Kind;
  /** Only scenarios that were judged by just these. */
  objectives?: readonly string[] | undefined;
  limit: number;
}

/** What the learner needs of an executed scenario. */
export type LearnedRow = Pick<
  ScenarioRow,
  'session_id' | 'scenario_type' | 'intensity' | 'parameters' | 'results' | 'created_at'
>;

/** Which executed runs. */
export interface ResultFilter {
  session?: string | undefined;
  target?: string | undefined;
  targets?: readonly string[] | undefined;
  /** ISO 8601, by when they were made; both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
}

/** An hour (UTC) in which runs were made. */
export interface RunHour {
  /** Its beginning, ISO 8601. */
  hour: string;
  /** Another one as soon as other runs are in it, or one of them was executed again. */
  version: string;
}

/** The encoded histograms of one executed scenario's judged part. */
export interface KeptResult {
  row: ScenarioRow;
  responseTime: Uint8Array | null;
  serviceTime: Uint8Array | null;
}

/** Who measures with a load generator. */
export interface StoredLease {
  generator: string;
  holder: string;
  sessionId: string;
  /** By the clock of the database. */
  expired: boolean;
}

/** Who may measure: one row for each load generator that is in use. */
export interface LeaseTable {
  listLeases(): Promise<StoredLease[]>;
  /**
   * Takes or extends the lease of a generator for `ttlMs` by the clock of the database, where nobody has it, or the holder does, or the one
   * it is taken `from`. False when another has it.
   */
  takeLease(lease: Omit<StoredLease, 'expired'> & { ttlMs: number; from?: string | undefined }): Promise<boolean>;
  releaseLease(lease: { generator: string; holder: string }): Promise<void>;
}

export type {
  ApiTokenTable,
  AuditFilter,
  AuditTable,
  PeopleTable,
  StoredApiToken,
  StoredUser,
} from './people/tables.js';
export type { SealedSecret, StoredChannel, Tried, UnplannedEvent, ClaimedDelivery } from './team/channel-tables.js';
export type { Change, WatchState, Watching } from './team/incident-tables.js';
export type { Claimed } from './team/tables.js';

/** What has been stored, behind one door: PGlite or PostgreSQL. Every write is durable when its promise resolves. */
export interface Store extends LeaseTable, ScheduleTable, CheckTable, IncidentTable, ChannelTable, PeopleTable {
  saveTarget(target: Target): Promise<void>;
  getTarget(id: string): Promise<Target | null>;
  listTargets(): Promise<Target[]>;
  /** Removes the target, its scenarios, windows and sessions. False when there was none. */
  deleteTarget(id: string): Promise<boolean>;

  createSession(session: SessionRow): Promise<void>;
  /** Replaces the changeable columns of a session. */
  updateSession(session: SessionRow): Promise<void>;
  getSession(id: string): Promise<SessionRow | null>;
  listSessions(filter: SessionFilter): Promise<Page<SessionRow>>;
  /** Ids of the sessions that are `running`, however old. */
  listRunning(): Promise<string[]>;
  /**
   * Marks those of these sessions that are still `running` as `interrupted`, ended when each was last heard of, with the counts of its stored
   * runs. Returns them as they were marked: each can be resumed at once.
   */
  interruptSessions(ids: readonly string[], reason: string): Promise<SessionRow[]>;

  /** `createdAt`: when it was made, where that was not now. */
  createScenario(scenario: Scenario, sessionId: string | null, createdAt?: Date): Promise<ScenarioRow>;
  /** Binds an existing scenario to the session that now executes it and clears an earlier result. */
  restartScenario(id: string, sessionId: string): Promise<ScenarioRow>;
  completeScenario(
    id: string,
    result: ScenarioResult,
    histograms: { responseTime: Uint8Array | null; serviceTime: Uint8Array | null },
  ): Promise<ScenarioRow>;
  getScenario(id: string): Promise<ScenarioRow | null>;
  /** The engine's own scenario, to be executed again. */
  getScenarioPlan(id: string): Promise<Scenario | null>;
  listScenarios(filter: ScenarioFilter): Promise<Page<ScenarioRow>>;
  countScenarios(filter: Omit<ScenarioFilter, 'after' | 'limit'>): Promise<ScenarioCounts>;
  /**
   * What the newest scenarios of one kind teach, oldest first, without those that were executed one by one: what these tried was not chosen to
   * tell where the limit is. Histograms are not read.
   */
  listLearned(filter: LearnedFilter): Promise<LearnedRow[]>;
  /** Changes whenever what {@link listLearned} would tell of a target may have changed. */
  learnedVersion(target: string): Promise<string>;
  /** Executed scenarios, oldest first, with their histograms, for merging; `after`: those that come after that one. */
  listResults(
    filter: ResultFilter & { after?: { at: string; id: string } | undefined; limit?: number | undefined },
  ): Promise<KeptResult[]>;
  /** The hours that have such scenarios, oldest first. */
  listRunHours(filter: ResultFilter): Promise<RunHour[]>;

  /** Appends kept windows, each also as its rows of `performance_metrics`. One round trip for the batch. */
  appendWindows(windows: KeptWindow[]): Promise<void>;
  /** The windows of a run, oldest first. */
  listWindows(scenarioId: string, part?: WindowPart): Promise<Window[]>;
  /** The windows of a run that is over, merged into the minutes of the run: what is left of it when its windows are not. */
  listMinutes(scenarioId: string): Promise<Window[]>;
  /** What is kept of a run with its histograms, oldest first, one batch from a place on. */
  readKept(part: KeptPart): Promise<KeptPage>;
  /** The histograms of a run's judged part; null: there is no such run. */
  getHistograms(scenarioId: string): Promise<Omit<KeptResult, 'row'> | null>;
  latestMetrics(filter: MetricFilter): Promise<MetricRow[]>;

  /** Limits as the newest sessions left them, oldest first; the session row holds them. */
  listSessionLimits(filter: {
    target?: string | undefined;
    targets?: readonly string[] | undefined;
    from?: string | undefined;
    to?: string | undefined;
    limit: number;
  }): Promise<{ sessionId: string; mode: SessionMode; at: string; limits: Limit[] }[]>;

  /** Throws HiveError `not_found` for an unknown target. */
  createMark(mark: Mark): Promise<void>;
  /** The newest first: at most `limit`, and no more than one answer holds. */
  listMarks(filter: MarkFilter): Promise<Mark[]>;
  /** False when there was none, or with `targets`, none of these. */
  deleteMark(id: string, targets?: readonly string[]): Promise<boolean>;

  /** What is stored, and how long each store is kept. */
  storage(): Promise<Storage>;
  /** Sets how long stores are kept, days; null: without end. The others stay as they are. */
  setKeepDays(keepDays: Partial<Record<SettableStore, number | null>>): Promise<void>;
  /** Makes the tables of the days to come, and removes what is older than it is to be kept. Instances that do so at once do no harm. */
  upkeep(): Promise<void>;

  /**
   * Everything that `work` writes through the store it is given, or nothing of it. Other callers of the embedded database wait meanwhile:
   * `work` must wait for nothing but that store.
   */
  atomically<Result>(work: (store: StoredData) => Promise<Result>): Promise<Result>;

  /** Throws HiveError `database_unreachable` when it cannot serve. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What can be read and written. */
export type StoredData = Omit<Store, 'atomically' | 'upkeep' | 'ping' | 'close'>;
