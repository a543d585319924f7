import {
  HiveError,
  newCheckId,
  type Regions,
  type ServiceCheck,
  type Target,
  type TrainingStatus,
} from '@hive/contract';
import type { LedFleet } from '../fleet/led-fleet.js';
import type { RunnerParts } from '../sessions/runner-parts.js';
import { publish } from '../sessions/live-topic.js';
import type { Checking } from '../targets/check-target.js';
import { withRegions } from '../targets/with-regions.js';
import { isDownFrom, judgeCheck, missesOf, problemsOf, slowBy, SLOW_OVER_REQUESTS } from './judge-check.js';
import { byRegion, lookOnce, REQUESTS, timesOf, type Looked } from './looking.js';
import { sharesWith } from './shares.js';
import { createSlots } from './slots.js';

const AT_ONCE = 50;
/** Pauses before a target that was down is asked again. */
const RETRY_MS = [20_000, 40_000];

export interface CheckAsked {
  scheduleId: string | null;
  /** How soon the next one comes, ms: nothing is asked again later than that. */
  everyMs: number | null;
  /** From where it is asked; absent: from where the target says. */
  regions?: Regions | 'here' | undefined;
  signal: AbortSignal;
}

export interface CheckLane {
  /** Checks a target, keeps what it found, and tells it. Null: the signal aborted it. @throws HiveError when it cannot be kept. */
  check(target: Target, asked: CheckAsked): Promise<ServiceCheck | null>;
}

interface Parts extends RunnerParts {
  checking: Checking;
  /** Load generators on other machines; null: there are none. */
  fleet: LedFleet | null;
  /** What Hive measures now. */
  status: () => Promise<TrainingStatus>;
  /** Hears of each check once it is kept. */
  onCheck?: (check: ServiceCheck) => Promise<void>;
}

/** The lane of checks, beside measurements: they take no lease, and disturb none. */
export function createCheckLane(parts: Parts): CheckLane {
  const { store, clock } = parts;
  const slots = createSlots(AT_ONCE);

  /** Whether Hive loads this target now, or one that shares a node or a dependency with it. */
  async function isLoaded(target: Target): Promise<boolean> {
    const { running, target: id } = await parts.status();
    if (!running || id === null) return false;
    if (id === target.id) return true;
    const loaded = await store.getTarget(id);
    return loaded !== null && sharesWith(target, loaded);
  }

  async function attempts(
    target: Target,
    { signal, everyMs }: CheckAsked,
  ): Promise<{ looked: Looked; attempts: number }> {
    for (let attempt = 1; ; attempt += 1) {
      const looked = await slots.with(() => lookOnce(target, parts, signal));
      const pauseMs = RETRY_MS[attempt - 1];
      if (pauseMs === undefined || signal.aborted || !isDownFrom(looked.seen) || (await isLoaded(target)))
        return { looked, attempts: attempt };
      await clock.sleep(Math.min(pauseMs, everyMs ?? pauseMs), signal);
    }
  }

  async function look(target: Target, how: CheckAsked): Promise<Omit<ServiceCheck, 'id' | 'at' | 'scheduleId'>> {
    const loadedBefore = await isLoaded(target);
    const { looked, attempts: made } = await attempts(target, how);
    const { seen, certificateDays: days } = looked;
    const asked = seen.flatMap((one) => one.asked);
    const loaded = loadedBefore || (await isLoaded(target));
    const objectives = loaded ? [] : missesOf(asked, target.objectives);
    const before = loaded ? [] : await store.listChecks({ target: target.id, limit: SLOW_OVER_REQUESTS / REQUESTS });
    // An outage was told when it began: its requests say nothing about how slow the target is.
    const answering = before.filter(({ result }) => result !== 'fail');
    const slow = slowBy(
      objectives,
      answering.map((one) => one.objectives),
    );
    return {
      target: target.id,
      ...judgeCheck({ seen, loaded, slow, certificateDays: days }),
      asked: asked.length,
      good: asked.filter(({ good }) => good).length,
      ...timesOf(asked),
      attempts: made,
      ...(loaded ? {} : { problems: problemsOf(seen) }),
      ...byRegion(looked),
      objectives,
      certificateDays: days,
    };
  }

  return {
    async check(target, how) {
      const { scheduleId, signal } = how;
      const at = new Date(clock.wall()).toISOString();
      const found = await look(withRegions(target, how.regions), how).catch((error: unknown) => invalid(target, error));
      if (signal.aborted) return null;
      const check = { id: newCheckId(), at, scheduleId, ...found };
      await store.createCheck(check);
      await publish(parts, { type: 'check_completed', data: check });
      await parts.onCheck?.(check);
      return check;
    },
  };
}

/** It could not be asked: that says nothing about the target. */
function invalid(target: Target, error: unknown): Omit<ServiceCheck, 'id' | 'at' | 'scheduleId'> {
  if (!(error instanceof HiveError)) throw error;
  return {
    target: target.id,
    result: 'invalid',
    reason: error.message,
    asked: 0,
    good: 0,
    medianMs: null,
    slowestMs: null,
    attempts: 1,
    objectives: [],
    certificateDays: null,
  };
}
