import { EVENT_LABELS, sayIncident, sayMinutes, type Incident, type IncidentEventType } from '@hive/contract';

/** What happened, as a channel is told it. `test`: nothing did. */
export type ToldEvent = IncidentEventType | 'test';

/** What a message says, in plain text: a channel escapes it as its own format needs. */
export interface Message {
  /** The same for each try. */
  delivery: string;
  event: ToldEvent;
  /** When it happened, ISO 8601. */
  at: string;
  incident: Incident;
  /** What was opened with it: this message tells of both. */
  together: readonly Incident[];
  /** One line: what is wrong, and since when. */
  title: string;
  facts: readonly { label: string; text: string }[];
  /** The page of the incident. */
  link: string;
}

export interface Told {
  delivery: string;
  event: ToldEvent;
  at: string;
  incident: Incident;
  together: readonly Incident[];
  nowMs: number;
  /** Where the dashboard is. */
  publicUrl: string;
}

/** Longer texts are cut: every channel has a limit of its own. */
const MOST_TEXT = 500;

/** Says what is wrong, since when, what was observed against what is allowed, how far to trust it, and where to read on. Pure. */
export function messageOf({ nowMs, publicUrl, ...told }: Told): Message {
  const { incident, together, event } = told;
  const { since, closedAt, observed, allowed, trust, rule } = incident;
  const lasted = sayMinutes((closedAt === null ? nowMs : Date.parse(closedAt)) - Date.parse(since));
  const facts = [
    { label: 'Since', text: `${sayTime(since)} (${lasted})` },
    { label: 'Observed', text: observed },
    { label: 'Allowed', text: allowed },
    { label: 'How sure', text: trust },
    { label: 'Rule', text: rule },
    ...together.map((one) => ({ label: one.closedAt === null ? 'Also' : 'Also, closed', text: one.summary })),
  ];
  return {
    ...told,
    title: clipped(`${stateOf(event, incident)}: ${sayIncident(incident, nowMs, sayTime)}`),
    facts: facts.flatMap(({ label, text }) => (text === null ? [] : [{ label, text: clipped(text) }])),
    link: `${publicUrl}/incidents/${encodeURIComponent(incident.id)}`,
  };
}

/** The same as lines of text. */
export function textOf({ title, facts, link }: Message): string {
  return [title, '', ...facts.map(({ label, text }) => `${label}: ${text}`), '', link].join('\n');
}

/** `good`: it is over. */
export function moodOf({ event, incident }: Pick<Message, 'event' | 'incident'>): 'bad' | 'warning' | 'good' | 'info' {
  if (event === 'test') return 'info';
  if (event === 'closed') return 'good';
  return incident.severity === 'page' ? 'bad' : 'warning';
}

function stateOf(event: ToldEvent, { severity }: Incident): string {
  if (event === 'test') return 'Test of Hive';
  const label = EVENT_LABELS[event];
  const said = `${label.slice(0, 1).toUpperCase()}${label.slice(1)}`;
  return event === 'opened' ? `${said} (${severity})` : said;
}

/** `2026-01-31 02:41 UTC`: it may be read anywhere, and later. */
export function sayTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** One line, of a bounded length. */
export function clipped(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  // A letter that was cut in two is left out.
  return line.length <= MOST_TEXT ? line : `${line.slice(0, MOST_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
