import { toHiveError, type HiveError, type Scenario, type ScenarioRow, type SessionRow } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import type { RunnerParts } from './runner-parts.js';
import type { News } from './news.js';
import type { AskedSession, ResumedSession, SessionProgress } from './session-progress.js';
import { sessionEnd } from './session-end.js';
import type { SessionRecorder } from './session-recorder.js';
import { withinMs } from './within.js';

/** How long an aborted session may take to wind up before it is left behind. */
const WIND_UP_MS = 1_200;
/** How long the last writes may take before a session is over anyway: what then waits is written later. */
const SETTLE_MS = 800;

/** A session to be run. */
export interface SessionOrder extends AskedSession {
  /** What the session does. The signal aborts it; the other says that nobody wants to wait for a quiet machine. */
  events(signal: AbortSignal, runAnyway: AbortSignal): AsyncGenerator<TrainingEvent, unknown>;
  /** It goes on with an earlier session of this id. */
  resumes?: ResumedSession;
  /** Puts a scenario that begins into the store. */
  place(scenario: Scenario, sessionId: string): Promise<ScenarioRow>;
}

/** How a session came out; `error` when it broke instead of ending. */
export interface SessionOutcome {
  session: SessionRow;
  error: HiveError | null;
}

/** A session as it runs. */
export interface SessionRun {
  parts: RunnerParts;
  order: SessionOrder;
  progress: SessionProgress;
  recorder: SessionRecorder;
  news: News;
  /** Aborted from outside to stop the session, or here to break it off. */
  abort: AbortController;
  runAnyway: AbortSignal;
  /** What it was broken off for, such as that another measures now; null: nothing. */
  broken(): unknown;
}

/**
 * Consumes a session's events to the end: stores and tells them, and closes its row. Never rejects, never lasts beyond its budget: what could
 * not be stored by then is with its recorder.
 */
export async function runSession(run: SessionRun): Promise<SessionOutcome> {
  const { parts, order, progress, recorder, news, abort, runAnyway } = run;
  const { clock } = parts;
  const deadline = windUp(parts, order.budgetSeconds, abort.signal);
  let thrown: unknown = null;
  let ended: Extract<TrainingEvent, { type: 'ended' }> | null = null;
  const { id: sessionId, target_id: targetId } = progress.session();
  const ids = { sessionId, targetId };
  try {
    news.tell({ type: 'session_started', data: { session: progress.session() } });
    for await (const event of until(order.events(abort.signal, runAnyway), deadline.due)) {
      progress.note(event);
      recorder.take(event);
      parts.sink?.take(event, ids);
      if (event.type === 'ended') ended = event;
    }
  } catch (error) {
    thrown = error;
  } finally {
    deadline.cancel();
  }
  const stopped = abort.signal.aborted;
  abort.abort();
  const settleBy = clock.now() + SETTLE_MS;
  await withinMs(clock, recorder.settled(), SETTLE_MS);

  const broken = run.broken() ?? thrown;
  const error = broken === null ? null : toHiveError(broken);
  progress.end(sessionEnd({ error, stopped, said: ended, budgetSeconds: order.budgetSeconds }));
  const session = progress.session();
  recorder.end(session);
  await withinMs(clock, recorder.settled(), Math.max(0, settleBy - clock.now()));
  return { session, error };
}

/** Tells the feed how a session came out. */
export function announceEnd(news: News, { session, error }: SessionOutcome): void {
  if (error) {
    const text = `the session failed: ${error.message}`;
    const data = { severity: 'critical', text, session_id: session.id, target_id: session.target_id } as const;
    news.tell({ type: 'alert', data });
  }
  news.tell({ type: 'session_completed', data: { session } });
}

/** Due when the session must be over, whatever its events still do: some time after its budget or its abortion. */
function windUp(
  { clock }: RunnerParts,
  budgetSeconds: number | null,
  signal: AbortSignal,
): { due: Promise<void>; cancel: () => void } {
  const over = new AbortController();
  const due = new Promise<void>((resolve) => {
    const wait = (ms: number): void => {
      void clock.sleep(ms, over.signal).then(resolve);
    };
    if (signal.aborted) wait(WIND_UP_MS);
    else signal.addEventListener('abort', () => wait(WIND_UP_MS), { once: true, signal: over.signal });
    if (budgetSeconds !== null) wait(budgetSeconds * 1_000 + WIND_UP_MS);
  });
  return { due, cancel: () => over.abort() };
}

/** Passes events on until they end or the deadline is due; what is then still under way is left behind. */
async function* until(
  events: AsyncGenerator<TrainingEvent, unknown>,
  due: Promise<void>,
): AsyncGenerator<TrainingEvent> {
  for (;;) {
    const next = events.next();
    const step = await Promise.race([next, due]);
    if (step === undefined) {
      next.catch(() => undefined);
      events.return(undefined).catch(() => undefined);
      return;
    }
    if (step.done) return;
    yield step.value;
  }
}
