import type { CheckResult, Schedule, ScheduledRun, ServiceCheck } from '@hive/contract';

/** A schedule whose turn it is, and its run; `result` is `running`, or `skipped` where it runs already. */
export interface Claimed {
  schedule: Schedule;
  run: ScheduledRun;
}

export interface ScheduleTable {
  /** Throws HiveError `not_found` for an unknown target. */
  createSchedule(schedule: Schedule): Promise<void>;
  /** False when there is none. */
  replaceSchedule(schedule: Schedule): Promise<boolean>;
  getSchedule(id: string): Promise<Schedule | null>;
  listSchedules(filter: { target?: string | undefined }): Promise<Schedule[]>;
  deleteSchedule(id: string): Promise<boolean>;
  /** When the next one is due; null: none is. */
  nextScheduleAt(): Promise<Date | null>;
  /**
   * Takes those that are due at `now`, each for one caller alone: writes their runs, held until `leaseUntil`, and when each is due again.
   * One that still runs gets a run that is `skipped`.
   */
  claimSchedules(claim: {
    now: Date;
    leaseUntil: Date;
    nextOf: (schedule: Schedule) => Date | null;
    newId: () => string;
  }): Promise<Claimed[]>;
  /** Begins a run beside its times; null: it runs already. */
  startScheduledRun(run: ScheduledRun, leaseUntil: Date): Promise<boolean>;
  /** Writes how it stands. */
  updateScheduledRun(run: ScheduledRun): Promise<void>;
  extendScheduledRuns(ids: readonly string[], leaseUntil: Date): Promise<void>;
  /** Marks runs as `interrupted` whose holder let them go, by this time. Returns how many. */
  interruptScheduledRuns(now: Date): Promise<number>;
  /** The newest first. */
  listScheduledRuns(scheduleId: string, limit: number): Promise<ScheduledRun[]>;
  /** The newest run of each schedule. */
  newestScheduledRuns(): Promise<ScheduledRun[]>;
  /** Of each schedule that is on, and was made by then: how many runs began since then, and how many of them came to a usable result. */
  countUsableRuns(since: Date): Promise<{ schedule: Schedule; runs: number; usable: number }[]>;
}

export interface CheckTable {
  createCheck(check: ServiceCheck): Promise<void>;
  /** The newest first. */
  listChecks(filter: {
    target: string;
    from?: string | undefined;
    to?: string | undefined;
    limit: number;
  }): Promise<ServiceCheck[]>;
  /** The newest check of each target from then on. */
  newestChecks(range: { from: string; to: string }): Promise<ServiceCheck[]>;
  /** Checks by UTC day and result since then, oldest first. */
  countChecks(target: string, since: Date): Promise<{ day: string; result: CheckResult; count: number }[]>;
}
