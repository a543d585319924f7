import type { LiveData, LiveMessageType } from '@hive/contract';
import type { RunnerParts } from './runner-parts.js';

/** The bus topic whose seq is the seq of the live feed. */
export const LIVE_TOPIC = 'live';

/** What a reader of the feed needs to know of a message without parsing it. */
export interface Addressing {
  type: LiveMessageType;
  target: string | null;
  session: string | null;
  scenario: string | null;
}

type Published = Exclude<LiveMessageType, 'hello' | 'gap'>;
export type LiveNews = {
  [Type in Published]: { type: Type; data: LiveData<Type> };
}[Published];

/** Two lines: the addressing, and the message as it is sent but for its `v` and `seq`, which the topic gives. */
export function encodeNews(news: LiveNews, at: string): string {
  return `${JSON.stringify(addressingOf(news))}\n${JSON.stringify({ at, type: news.type, data: news.data })}`;
}

/** The opposite of {@link encodeNews}. `body` stays text, because most readers only pass it on. */
export function decodeNews(payload: string): { addressing: Addressing; body: string } {
  const end = payload.indexOf('\n');
  return { addressing: JSON.parse(payload.slice(0, end)) as Addressing, body: payload.slice(end + 1) };
}

/** Tells the feed. A bus that cannot be reached must not disturb what is measured: the failure is logged. */
export async function publish(
  { bus, clock, log }: RunnerParts,
  news: LiveNews,
  at = new Date(clock.wall()).toISOString(),
): Promise<void> {
  try {
    await bus.publish(LIVE_TOPIC, encodeNews(news, at));
  } catch (error) {
    log.warn({ err: error, type: news.type }, 'a live message could not be published');
  }
}

function addressingOf({ type, data }: LiveNews): Addressing {
  switch (type) {
    case 'window':
    case 'window_kept':
      return { type, target: data.targetId, session: data.sessionId, scenario: data.scenarioId };
    case 'session_started':
    case 'session_completed':
      return { type, target: data.session.target_id, session: data.session.id, scenario: null };
    case 'session_updated':
      return { type, target: data.status.target, session: data.status.session_id, scenario: null };
    case 'scenario_started':
    case 'scenario_completed':
      return { type, target: data.scenario.target_id, session: data.session_id, scenario: data.scenario.id };
    case 'check_completed':
    case 'incident_changed':
      return { type, target: data.target, session: null, scenario: null };
    case 'fleet_updated':
      return { type, target: null, session: null, scenario: null };
    case 'limit_updated':
    case 'alert':
    case 'machine':
      return { type, target: data.target_id, session: data.session_id, scenario: null };
  }
}
