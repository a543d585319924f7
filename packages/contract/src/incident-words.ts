import type { Incident } from './incident.js';
import type { IncidentEventType } from './incident-event.js';

/** Of an event, as people read it. */
export const EVENT_LABELS: Record<IncidentEventType, string> = {
  opened: 'opened',
  flapping: 'comes and goes',
  failing: 'failed three times in a row',
  reminded: 'still open',
  acknowledged: 'acknowledged',
  note: 'note',
  muted: 'muted',
  unmuted: 'no longer muted',
  closed: 'closed',
};

/** `23 min`, `1 h 5 min`, `2 days 3 h`. */
export function sayMinutes(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return `${days} ${days === 1 ? 'day' : 'days'}${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

/** `checkout: 3 of 5 requests failed: the connection was refused, since 02:41 (23 min)`. `sayTime` writes a time as its reader has it. */
export function sayIncident(incident: Incident, nowMs: number, sayTime: (iso: string) => string): string {
  const { target, summary, since, closedAt } = incident;
  const endMs = closedAt === null ? nowMs : Date.parse(closedAt);
  const lasted = sayMinutes(endMs - Date.parse(since));
  const when =
    closedAt === null
      ? `since ${sayTime(since)} (${lasted})`
      : `from ${sayTime(since)} to ${sayTime(closedAt)} (${lasted})`;
  return `${target ?? 'Hive'}: ${summary}, ${when}`;
}
