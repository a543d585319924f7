import { HiveError, toHiveError, type Scenario, type ScenarioRow, type SessionRow } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import type { KeptWindow } from '../store/store.js';
import type { LiveNews } from './live-topic.js';
import type { News } from './news.js';
import type { RunnerParts } from './runner-parts.js';
import type { SessionProgress } from './session-progress.js';
import { createWriteQueue, type Write } from './write-queue.js';

/** An hour of kept windows waits at most while the database is away; those that come after are dropped and counted. */
export const MOST_WINDOWS_WAITING = 3_600;
/** A batch must fit into the time that a statement has. */
const MOST_WINDOWS_AT_ONCE = 600;
/** Other writes that wait at most: beyond it the session ends. */
const MOST_WRITES_WAITING = 2_000;

/** What of a session is not in the store yet. */
export interface Unwritten {
  windows: number;
  /** Finished runs whose results wait. */
  runs: number;
  /** Windows that will never be written: too many waited. */
  droppedWindows: number;
}

/** Stores and tells what a session does, in order, without ever making the session wait. */
export interface SessionRecorder {
  take(event: TrainingEvent): void;
  /** Writes how the session ended, after everything else, also where an earlier write was refused. */
  end(session: SessionRow): void;
  unwritten(): Unwritten;
  /** Nothing waits. */
  readonly idle: boolean;
  /** Resolves when everything taken so far is stored, or given up. Never rejects. */
  settled(): Promise<void>;
  /** Waits for the database no longer, and returns what is lost. */
  giveUp(): Unwritten;
}

interface RecorderOptions {
  parts: RunnerParts;
  news: News;
  progress: SessionProgress;
  /** Puts the scenario that begins into the store: a new one is created, an old one bound to this session. */
  place(scenario: Scenario, sessionId: string): Promise<ScenarioRow>;
  /** Told once, when something was refused by the store. Of the session nothing but its end is stored after that. */
  onFailure(error: unknown): void;
}

/**
 * One queue, worked off one write after the other: what is told was stored before, and nothing overtakes. Kept windows that gather while the
 * store is busy go into one batch, which ends where the next run begins. While the database is away, what is only for the eye is told at once.
 */
export function createRecorder({ parts, news, progress, place, onFailure }: RecorderOptions): SessionRecorder {
  const { store, log, clock } = parts;
  const { id: sessionId, target_id: targetId } = progress.session();
  const unwritten: Unwritten = { windows: 0, runs: 0, droppedWindows: 0 };
  /** Rows may still join it: nothing else was queued since, and it is not under way. */
  let open: KeptWindow[] | null = null;
  let failed = false;

  const alert = (severity: 'info' | 'warning', text: string): void =>
    news.tell({ type: 'alert', data: { severity, text, session_id: sessionId, target_id: targetId } });
  const queue = createWriteQueue({
    clock,
    onAway(error) {
      log.warn({ session_id: sessionId, err: error }, 'the database is away: results wait');
      alert('warning', 'the database does not answer: the session goes on, and its results wait to be stored');
    },
    onBack() {
      log.info({ session_id: sessionId, ...unwritten }, 'the database is back: what waited is being written');
      const lost = unwritten.droppedWindows === 0 ? '' : `; ${unwritten.droppedWindows} windows were dropped`;
      alert(lost === '' ? 'info' : 'warning', `the database answers again: what waited is being stored${lost}`);
    },
    onRefused: fail,
  });

  function fail(error: unknown): void {
    if (failed) return;
    failed = true;
    onFailure(error);
  }

  function write(job: Write): void {
    if (failed) return;
    open = null;
    queue.push(job);
    if (queue.waiting <= MOST_WRITES_WAITING) return;
    fail(new HiveError('database_unreachable', 'the database was away for too long: too many results wait'));
  }

  /** What is told after the writes before it. */
  function tell(one: LiveNews): void {
    if (!failed) queue.push(async () => news.tell(one));
  }

  function show(one: LiveNews): void {
    if (queue.away) news.tell(one);
    else if (!failed) queue.push(async () => news.tell(one), { live: true });
  }

  function keep(row: KeptWindow): void {
    if (failed) return;
    if (unwritten.windows >= MOST_WINDOWS_WAITING) {
      unwritten.droppedWindows += 1;
      if (unwritten.droppedWindows > 1) return;
      log.error({ session_id: sessionId }, 'the database is too slow: windows are being dropped');
      alert('warning', 'the database is too slow: windows are being dropped');
      return;
    }
    unwritten.windows += 1;
    if (open !== null && open.length < MOST_WINDOWS_AT_ONCE) {
      open.push(row);
      return;
    }
    const batch = [row];
    write(async (again) => {
      if (open === batch) open = null;
      const missing = again ? await notYetStored(batch) : batch;
      await store.appendWindows(missing);
      unwritten.windows -= batch.length;
    });
    open = batch;
  }

  /** A batch is stored whole or not at all; all of one run. */
  async function notYetStored(batch: KeptWindow[]): Promise<KeptWindow[]> {
    const [first, last] = [batch[0] as KeptWindow, batch.at(-1) as KeptWindow];
    const part = { fromMs: first.window.fromMs, toMs: last.window.fromMs + 1 };
    const stored = await store.listWindows(first.window.scenarioId, part);
    const known = new Set(stored.map(({ fromMs }) => fromMs));
    return batch.filter(({ window }) => !known.has(window.fromMs));
  }

  async function placed(scenario: Scenario, again: boolean): Promise<ScenarioRow> {
    try {
      return await place(scenario, sessionId);
    } catch (error) {
      const row = again && toHiveError(error).code === 'conflict' ? await store.getScenario(scenario.id) : null;
      if (row === null) throw error;
      return row;
    }
  }

  return {
    take(event) {
      switch (event.type) {
        case 'planned':
        case 'scenario_chosen':
          tell({ type: 'session_updated', data: { status: progress.status() } });
          break;
        case 'scenario_started':
          write(async (again) => {
            const scenario = await placed(event.scenario, again);
            news.tell({
              type: 'scenario_started',
              data: { session_id: sessionId, scenario, reason: event.reason },
            });
          });
          break;
        case 'window':
          show({ type: 'window', data: event.window });
          break;
        case 'row': {
          const { window, responseTime, serviceTime } = event;
          keep({ window, responseTime, serviceTime });
          show({ type: 'window_kept', data: window });
          break;
        }
        case 'scenario_completed': {
          const session = progress.session();
          const { responseTime, serviceTime } = event;
          unwritten.runs += 1;
          write(async () => {
            const histograms = { responseTime, serviceTime };
            const scenario = await store.completeScenario(event.scenario.id, event.result, histograms);
            await store.updateSession(session);
            unwritten.runs -= 1;
            news.tell({ type: 'scenario_completed', data: { session_id: sessionId, scenario } });
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
    end(session) {
      open = null;
      queue.push(() => {
        const dropped = unwritten.droppedWindows;
        const metrics = dropped === 0 ? session.metrics : { ...session.metrics, windows_dropped: dropped };
        return store.updateSession({ ...session, metrics });
      });
    },
    unwritten: () => ({ ...unwritten }),
    get idle() {
      return queue.idle;
    },
    settled: () => queue.settled(),
    giveUp() {
      queue.giveUp();
      return { ...unwritten };
    },
  };
}
