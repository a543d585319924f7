import type { Scenario, ScenarioRow } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import type { KeptWindow } from '../store/store.js';
import type { RunnerParts } from './runner-parts.js';
import { publish, type LiveNews } from './live-topic.js';
import type { SessionProgress } from './session-progress.js';

/** What waits at most while the database is slow; beyond it, what is only for the eye goes first. */
const MOST_LIVE_WAITING = 40;
const MOST_ROWS_WAITING = 3_600;

/** Stores and tells what a session does, in order, without ever making the session wait. */
export interface SessionRecorder {
  take(event: TrainingEvent): void;
  /** Resolves when everything taken so far is stored and told. Never rejects. */
  settled(): Promise<void>;
}

interface RecorderOptions {
  parts: RunnerParts;
  progress: SessionProgress;
  /** Puts the scenario that begins into the store: a new one is created, an old one bound to this session. */
  place(scenario: Scenario, sessionId: string): Promise<ScenarioRow>;
  /** Told once, when something could not be stored. Nothing is stored after that. */
  onFailure(error: unknown): void;
}

interface Job {
  /** Only for the eye: superseded when too many wait. */
  live: boolean;
  run(): Promise<void>;
}

/**
 * One queue, worked off one job after the other: what is told was stored before, and nothing overtakes. Kept windows that gather while the
 * store is busy go into one batch.
 */
export function createRecorder({ parts, progress, place, onFailure }: RecorderOptions): SessionRecorder {
  const { store, log } = parts;
  const sessionId = progress.session().id;
  const targetId = progress.session().target_id;
  const queue: Job[] = [];
  let rows: KeptWindow[] = [];
  let flushing = false;
  let lostRows = 0;
  let failed = false;
  let working: Promise<void> | null = null;

  function enqueue(live: boolean, run: () => Promise<void>): void {
    if (failed) return;
    if (live && queue.filter((job) => job.live).length >= MOST_LIVE_WAITING) {
      queue.splice(
        queue.findIndex((job) => job.live),
        1,
      );
    }
    queue.push({ live, run });
    working ??= work();
  }

  async function work(): Promise<void> {
    // Begins in a later turn, so that a burst of rows becomes one batch.
    await Promise.resolve();
    for (let job = queue.shift(); job; job = queue.shift()) {
      try {
        await job.run();
      } catch (error) {
        failed = true;
        queue.length = 0;
        onFailure(error);
      }
    }
    working = null;
  }

  async function flushRows(): Promise<void> {
    flushing = false;
    if (rows.length === 0) return;
    const batch = rows;
    rows = [];
    await store.appendWindows(batch);
  }

  function keep(row: KeptWindow): void {
    if (rows.length >= MOST_ROWS_WAITING) {
      lostRows += 1;
      if (lostRows === 1) log.error({ session_id: sessionId }, 'the database is too slow: windows are being dropped');
      return;
    }
    rows.push(row);
    if (flushing) return;
    flushing = true;
    enqueue(false, flushRows);
  }

  const tell = (news: LiveNews): void => enqueue(false, () => publish(parts, news));

  return {
    take(event) {
      switch (event.type) {
        case 'scenario_chosen': {
          const status = progress.status();
          tell({ type: 'session_updated', data: { status } });
          break;
        }
        case 'scenario_started':
          enqueue(false, async () => {
            const scenario = await place(event.scenario, sessionId);
            await publish(parts, {
              type: 'scenario_started',
              data: { session_id: sessionId, scenario, reason: event.reason },
            });
          });
          break;
        case 'window':
          enqueue(true, () => publish(parts, { type: 'window', data: event.window }));
          break;
        case 'row': {
          const { window, responseTime, serviceTime } = event;
          keep({ window, responseTime, serviceTime });
          enqueue(true, () => publish(parts, { type: 'window_kept', data: window }));
          break;
        }
        case 'scenario_completed': {
          const session = progress.session();
          enqueue(false, async () => {
            await flushRows();
            const { responseTime, serviceTime } = event;
            const scenario = await store.completeScenario(event.scenario.id, event.result, {
              responseTime,
              serviceTime,
            });
            await store.updateSession(session);
            await publish(parts, { type: 'scenario_completed', data: { session_id: sessionId, scenario } });
          });
          break;
        }
        case 'limit_updated': {
          const { limit, lesson } = event;
          tell({ type: 'limit_updated', data: { session_id: sessionId, target_id: targetId, limit, lesson } });
          break;
        }
        case 'alert': {
          const { severity, text } = event;
          tell({ type: 'alert', data: { severity, text, session_id: sessionId, target_id: targetId } });
          break;
        }
        case 'machine': {
          const { machine } = event;
          tell({ type: 'machine', data: { session_id: sessionId, target_id: targetId, machine } });
          break;
        }
        case 'ended':
          break;
      }
    },
    async settled() {
      for (let current = working; current !== null; current = working) await current;
    },
  };
}
