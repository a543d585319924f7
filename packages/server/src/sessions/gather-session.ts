import { toHiveError, type FinishedSession, type HiveError } from '@hive/contract';
import { realClock, type TrainingEvent } from '@hive/engine';
import { base64 } from '../base64.js';
import type { OwnSession } from './own-session.js';
import { sessionEnd } from './session-end.js';
import { firstRow, followProgress } from './session-progress.js';

/** Two hours of kept windows. What comes after them is in the results all the same. */
const MOST_WINDOWS = 7_200;

type Gathered = FinishedSession['scenarios'][number];

/** Runs a session to its end and gathers it whole, for another process to keep. `error`: what broke it off. Never rejects. */
export async function gatherSession(
  session: OwnSession,
  clock = realClock,
): Promise<{ session: FinishedSession; error: HiveError | null }> {
  const gatherer = startGathering(session, clock);
  let error: HiveError | null = null;
  try {
    for await (const event of session.events(session.signal)) gatherer.take(event);
  } catch (thrown) {
    error = toHiveError(thrown);
  }
  return { session: gatherer.end(error), error };
}

/** Gathers what a session says, event by event. */
export interface SessionGatherer {
  take(event: TrainingEvent): void;
  /** The whole session; `error`: what broke it off. */
  end(error: HiveError | null): FinishedSession;
}

/** Begins to gather a session that somebody else runs. */
export function startGathering(session: Omit<OwnSession, 'events'>, clock = realClock): SessionGatherer {
  const { target, signal, budgetSeconds } = session;
  const now = (): string => new Date(clock.wall()).toISOString();
  const progress = followProgress(firstRow({ ...session, targetId: target.id }, now()), clock);
  const scenarios = gatherScenarios(now);
  let ended: Extract<TrainingEvent, { type: 'ended' }> | null = null;
  return {
    take(event) {
      progress.note(event);
      scenarios.take(event);
      if (event.type === 'ended') ended = event;
    },
    end(error) {
      const end = sessionEnd({ error, stopped: signal.aborted, said: ended, budgetSeconds });
      progress.end(end);
      const row = { ...progress.session(), status: end.status, ended_at: now() };
      return { target, session: row, scenarios: scenarios.gathered };
    },
  };
}

function gatherScenarios(now: () => string): { take(event: TrainingEvent): void; gathered: Gathered[] } {
  const gathered: Gathered[] = [];
  let startedAt = now();
  let windows: Gathered['windows'] = [];
  let count = 0;
  return {
    gathered,
    take(event) {
      if (event.type === 'scenario_started') {
        startedAt = now();
        windows = [];
      } else if (event.type === 'row' && count++ < MOST_WINDOWS) {
        windows.push({ window: event.window, ...asText(event) });
      } else if (event.type === 'scenario_completed') {
        const { scenario, result } = event;
        gathered.push({ startedAt, scenario, result, ...asText(event), windows });
      }
    },
  };
}

interface Histograms<Form> {
  responseTime: Form | null;
  serviceTime: Form | null;
}

function asText({ responseTime, serviceTime }: Histograms<Uint8Array>): Histograms<string> {
  return { responseTime: base64(responseTime), serviceTime: base64(serviceTime) };
}
