import type { Incident, IncidentEventType, Labels, Rule } from '@hive/contract';
import type { StoredChannel, UnplannedEvent } from '../store/store.js';
import { CHANNELINGS } from './channel-types.js';

/** What happened earlier is no news: so it is after a long stop, and in a restored backup. */
const NEWS_MS = 24 * 3_600_000;

const TOLD: ReadonlySet<IncidentEventType> = new Set(['opened', 'flapping', 'failing', 'reminded']);

export interface Routes {
  channels: readonly StoredChannel[];
  rules: readonly Rule[];
  nowMs: number;
}

/** Which channels hear of an event. Pure. */
export function channelsFor(seen: UnplannedEvent, { channels, rules, nowMs }: Routes): string[] {
  const { event, incident, told, leadTold } = seen;
  if (Date.parse(event.at) < nowMs - NEWS_MS) return [];
  const heard = channels.filter(({ id }) => told.includes(id));
  if (event.type === 'closed') return heard.map(idOf);
  if (event.type === 'acknowledged') return heard.filter(keepsOpen).map(idOf);
  if (!TOLD.has(event.type)) return [];
  const rule = rules.find(({ id }) => id === incident.ruleId);
  // One message tells of what was opened together.
  return routed(incident, rule, channels).filter((id) => !leadTold.includes(id));
}

function routed(incident: Incident, rule: Rule | undefined, channels: readonly StoredChannel[]): string[] {
  const isOn = channels.filter(({ on }) => on);
  if (rule === undefined || rule.routes.length === 0) return isOn.filter(({ when }) => fits(incident, when)).map(idOf);
  const named = new Set(rule.routes.filter(({ when }) => fits(incident, when)).flatMap(({ to }) => to));
  return isOn.map(idOf).filter((id) => named.has(id));
}

/** Whether an incident has all of these labels; `severity` is one of them. */
export function fits({ labels, severity }: Pick<Incident, 'labels' | 'severity'>, when: Labels): boolean {
  return Object.entries(when).every(([name, value]) => (name === 'severity' ? severity : labels[name]) === value);
}

export function keepsOpen({ type }: Pick<StoredChannel, 'type'>): boolean {
  return CHANNELINGS[type].keepsOpen === true;
}

const idOf = ({ id }: { id: string }): string => id;
