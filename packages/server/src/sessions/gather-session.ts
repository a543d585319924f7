import type { FinishedSession, Kind, Target } from '@hive/contract';
import type { Clock, TrainingEvent } from '@hive/engine';
import { firstRow, followProgress } from './session-progress.js';

/** Two hours of kept windows. What comes after them is in the results all the same. */
const MOST_WINDOWS = 7_200;

/** Gathers a session that another process is to keep. */
export interface Gathering {
  take(event: TrainingEvent): void;
  /** The session as it stands, over now. */
  finish(status: FinishedSession['session']['status'], reason: string): FinishedSession;
}

type Gathered = FinishedSession['scenarios'][number];

/** Begins to gather: a fold over the events of one session, to be sent whole when it is over. */
export function gatherSession(of: {
  target: Target;
  sessionId: string;
  kinds: Kind[];
  budgetSeconds: number | null;
  clock: Clock;
}): Gathering {
  const { target, clock, budgetSeconds } = of;
  const now = (): string => new Date(clock.wall()).toISOString();
  const begun = firstRow({ ...of, targetId: target.id }, now());
  const progress = followProgress(begun, clock, budgetSeconds === null ? null : budgetSeconds * 1_000);
  const scenarios: Gathered[] = [];
  let startedAt = begun.started_at;
  let windows: Gathered['windows'] = [];
  let count = 0;

  return {
    take(event) {
      progress.note(event);
      if (event.type === 'scenario_started') {
        startedAt = now();
        windows = [];
      } else if (event.type === 'row' && count++ < MOST_WINDOWS) {
        windows.push({ window: event.window, ...asText(event) });
      } else if (event.type === 'scenario_completed') {
        const { scenario, result } = event;
        scenarios.push({ startedAt, scenario, result, ...asText(event), windows });
      }
    },
    finish(status, reason) {
      progress.end(status, reason);
      return { target, session: { ...progress.session(), status, ended_at: now() }, scenarios };
    },
  };
}

interface Histograms<Form> {
  responseTime: Form | null;
  serviceTime: Form | null;
}

function asText({ responseTime, serviceTime }: Histograms<Uint8Array>): Histograms<string> {
  const text = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('base64');
  return { responseTime: text(responseTime), serviceTime: text(serviceTime) };
}
