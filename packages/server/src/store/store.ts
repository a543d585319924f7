import type {
  Difficulty,
  Kind,
  Limit,
  MetricRow,
  MetricType,
  Scenario,
  ScenarioResult,
  ScenarioRow,
  SessionRow,
  SettableStore,
  Storage,
  Target,
  Verdict,
  Window,
} from '@hive/contract';

/** A window with its encoded histograms, as it is kept. */
export interface KeptWindow {
  window: Window;
  responseTime: Uint8Array | null;
  serviceTime: Uint8Array | null;
}

export interface ScenarioFilter {
  kind?: Kind | undefined;
  difficulty?: Difficulty | undefined;
  verdict?: Verdict | undefined;
  target?: string | undefined;
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
  session?: string | undefined;
  limit: number;
}

/** One page, newest first; `next` is the `after` of the following page, null on the last. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
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

/** What has been stored, behind one door: PGlite or PostgreSQL. Every write is durable when its promise resolves. */
export interface Store extends LeaseTable {
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
  /**
   * Marks every session still `running`, but those `alive`, as `interrupted`, ended when it was last heard of, with the counts of its stored
   * runs. Returns their ids.
   */
  interruptRunning(reason: string, alive?: ReadonlySet<string>): Promise<string[]>;

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
  /**
   * What the newest scenarios of one kind teach, oldest first, without those that were executed one by one: what these tried was not chosen to
   * tell where the limit is. Histograms are not read.
   */
  listLearned(filter: LearnedFilter): Promise<LearnedRow[]>;
  /** Changes whenever what {@link listLearned} would tell of a target may have changed. */
  learnedVersion(target: string): Promise<string>;
  /** Executed scenarios of a session, a target, or all, oldest first, with their histograms, for merging. */
  listResults(filter: {
    session?: string | undefined;
    target?: string | undefined;
    from?: string | undefined;
    to?: string | undefined;
  }): Promise<KeptResult[]>;

  /** Appends kept windows, each also as its rows of `performance_metrics`. One round trip for the batch. */
  appendWindows(windows: KeptWindow[]): Promise<void>;
  /** The windows of a run, oldest first. */
  listWindows(scenarioId: string, part?: WindowPart): Promise<Window[]>;
  /** The windows of a run that is over, merged into the minutes of the run: what is left of it when its windows are not. */
  listMinutes(scenarioId: string): Promise<Window[]>;
  latestMetrics(filter: MetricFilter): Promise<MetricRow[]>;

  /** Limits as sessions left them, oldest first; the session row holds them. */
  listSessionLimits(filter: {
    target?: string | undefined;
    from?: string | undefined;
    to?: string | undefined;
  }): Promise<{ sessionId: string; at: string; limits: Limit[] }[]>;

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
