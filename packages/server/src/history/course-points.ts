import type { CoursePoint, SessionCourse, Window } from '@hive/contract';
import type { Store } from '../store/store.js';

/** More seconds than this are shown as minutes: a chart has no room for them. */
const MOST_SECONDS = 1_200;

type Points = Pick<SessionCourse, 'points' | 'pointSeconds'>;

/** What was sent and answered in the runs of a session, in their order: by seconds where these are kept and few enough, else by minutes. */
export async function coursePoints(
  store: Pick<Store, 'listWindows' | 'listMinutes'>,
  sessionId: string,
  scenarioIds: readonly string[],
): Promise<Points> {
  const seconds: Window[] = [];
  for (const id of scenarioIds) {
    const windows = await store.listWindows(id, { limit: MOST_SECONDS });
    if (windows.length === 0) return minutesOf(store, sessionId, scenarioIds);
    seconds.push(...windows);
    if (seconds.length > MOST_SECONDS) return minutesOf(store, sessionId, scenarioIds);
  }
  return { points: pointsOf(seconds, sessionId), pointSeconds: 1 };
}

async function minutesOf(
  store: Pick<Store, 'listWindows' | 'listMinutes'>,
  sessionId: string,
  scenarioIds: readonly string[],
): Promise<Points> {
  const minutes: Window[] = [];
  for (const id of scenarioIds) minutes.push(...(await store.listMinutes(id)));
  const every = Math.ceil(minutes.length / MOST_SECONDS);
  const shown = minutes.filter((_, index) => index % every === 0);
  return { points: pointsOf(shown, sessionId), pointSeconds: 60 };
}

function pointsOf(windows: readonly Window[], sessionId: string): CoursePoint[] {
  return windows
    .filter((window) => window.sessionId === sessionId && window.toMs > window.fromMs)
    .map(({ at, fromMs, toMs, scenarioId, phase, responseTimeMs, throughputPerSecond, offeredPerSecond }) => {
      const isAnswered = responseTimeMs.count > 0;
      const isSending = phase !== 'grace';
      return {
        at,
        ms: toMs - fromMs,
        scenario_id: scenarioId,
        p50: isAnswered ? responseTimeMs.p50 : null,
        p95: isAnswered ? responseTimeMs.p95 : null,
        p99: isAnswered ? responseTimeMs.p99 : null,
        throughput: isSending ? throughputPerSecond : null,
        offered: isSending ? offeredPerSecond : null,
      };
    });
}
