import type { LiveMessage, LiveMessageType } from './messages.js';

const TYPES: Readonly<Record<LiveMessageType, true>> = {
  hello: true,
  window: true,
  window_kept: true,
  session_started: true,
  session_updated: true,
  session_completed: true,
  scenario_started: true,
  scenario_completed: true,
  limit_updated: true,
  alert: true,
  machine: true,
  check_completed: true,
  fleet_updated: true,
  incident_changed: true,
  gap: true,
};

/**
 * A message of the live feed from its text; null for what is none, such as `pong`, or one of a later version. Only what tells messages apart
 * is checked: several come each second, and the server that sends them is trusted with their data.
 */
export function readLiveMessage(text: string): LiveMessage | null {
  if (!text.startsWith('{')) return null;
  try {
    const read = JSON.parse(text) as Partial<Record<keyof LiveMessage, unknown>>;
    const { v, seq, type, data } = read;
    const isKnown = v === 1 && typeof type === 'string' && Object.hasOwn(TYPES, type);
    const isWhole = Number.isInteger(seq) && typeof data === 'object' && data !== null;
    return isKnown && isWhole ? (read as LiveMessage) : null;
  } catch {
    return null;
  }
}
