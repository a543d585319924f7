import { headroomWords, KIND_LABELS, sayIncident, type Incident, type Schedule, type SessionRow } from '@hive/contract';
import { clipped, sayTime } from '../message.js';
import { escaped } from '../types/email.js';
import type { WeekNews } from './week-news.js';

/** Of one kind of news; the rest is counted. */
const MOST_LINES = 20;

export interface Letter {
  subject: string;
  text: string;
  html: string;
}

interface Part {
  title: string;
  lines: { text: string; link: string }[];
}

/** What happened in a week, as a mail. Parts without news are left out. Pure. */
export function letterOf(news: WeekNews, publicUrl: string): Letter {
  const at = (...path: string[]): string => [publicUrl, ...path.map(encodeURIComponent)].join('/');
  const parts = partsOf(news, at).filter(({ lines }) => lines.length > 0);
  const title = `Hive, week to ${news.to.slice(0, 10)}: ${sayWeek(news)}`;
  const nothing = 'Nothing happened: no incident, no session without a result, no limit that moved.';
  return {
    subject: title,
    text: [
      title,
      '',
      ...(parts.length === 0 ? [nothing, ''] : parts.flatMap(textOfPart)),
      `Open Hive: ${at()}`,
      `This mail comes once a week, as its channel says: ${at('settings', 'channels')}`,
    ].join('\n'),
    html: [
      '<!doctype html><html><body style="font-family:sans-serif">',
      `<p><strong>${escaped(title)}</strong></p>`,
      ...(parts.length === 0 ? [`<p>${nothing}</p>`] : parts.map(htmlOfPart)),
      `<p><a href="${escaped(at())}">Open Hive</a>. This mail comes once a week, as <a href="${escaped(at('settings', 'channels'))}">its channel</a> says.</p>`,
      '</body></html>',
    ].join('\n'),
  };
}

function sayWeek({ incidents, limits, sessions }: WeekNews): string {
  const said = [
    counted(incidents.length, 'incident'),
    limits.length === 0 ? null : `${counted(limits.length, 'limit')} moved`,
    sessions.length === 0 ? null : `${counted(sessions.length, 'session')} without a result`,
  ];
  return said.filter((one) => one !== null).join(', ');
}

type Link = (...path: string[]) => string;

function partsOf(news: WeekNews, at: Link): Part[] {
  const ofTarget = (target: string, text: string) => ({ text: `${target}: ${text}`, link: at('targets', target) });
  return [
    { title: 'Incidents', lines: news.incidents.map((one) => ofIncident(one, news, at)) },
    {
      title: 'Limits that moved',
      lines: news.limits.map(({ target, kind, ratio, marks }) => {
        const after = marks.length === 0 ? '' : `, after ${marks.join(', ')}`;
        const share = Math.round(Math.abs(ratio - 1) * 100);
        return ofTarget(target, `${KIND_LABELS[kind].value} ${ratio < 1 ? 'fell' : 'rose'} by ${share} %${after}`);
      }),
    },
    { title: 'Sessions without a usable result', lines: news.sessions.map((row) => ofSession(row, at)) },
    {
      title: 'Schedules that were skipped',
      lines: news.schedules.map(({ target, what, skipped, reason }) =>
        ofTarget(target, `${WHAT[what.type]}, ${counted(skipped, 'time')}${reason === null ? '' : `: ${reason}`}`),
      ),
    },
    {
      title: 'Headroom',
      lines: news.headroom.map(({ target, traffic, safe }) => ofTarget(target, headroomWords(traffic, safe))),
    },
    {
      title: 'Certificates that end soon',
      lines: news.certificates.map(({ target, days }) =>
        ofTarget(target, days < 0 ? 'it has ended' : `it ends in ${counted(days, 'day')}`),
      ),
    },
  ];
}

const WHAT: Readonly<Record<Schedule['what']['type'], string>> = {
  check: 'check',
  train: 'find limit',
  verify: 'verify a rate',
  run: 'run',
};

function ofIncident(incident: Incident, { to }: WeekNews, at: Link): Part['lines'][number] {
  const said = sayIncident(incident, Date.parse(to), sayTime);
  const state = incident.closedAt === null ? `still open (${incident.severity}): ` : '';
  return { text: `${state}${said}`, link: at('incidents', incident.id) };
}

function ofSession({ id, target_id: target, end_reason: reason, status }: SessionRow, at: Link): Part['lines'][number] {
  return { text: `${target}: ${reason ?? status}`, link: at('sessions', id) };
}

function counted(count: number, one: string): string {
  return `${count === 0 ? 'no' : count} ${one}${count === 1 ? '' : 's'}`;
}

/** The first lines, on one line each, and how many more there are. */
function shown({ lines }: Part): { lines: Part['lines']; more: number } {
  const first = lines.slice(0, MOST_LINES).map(({ text, link }) => ({ text: clipped(text), link }));
  return { lines: first, more: lines.length - first.length };
}

function textOfPart(part: Part): string[] {
  const { lines, more } = shown(part);
  const said = lines.flatMap(({ text, link }) => [`- ${text}`, `  ${link}`]);
  return [part.title, ...said, ...(more === 0 ? [] : [`- and ${more} more`]), ''];
}

function htmlOfPart(part: Part): string {
  const { lines, more } = shown(part);
  const items = lines.map(({ text, link }) => `<li><a href="${escaped(link)}">${escaped(text)}</a></li>`);
  const rest = more === 0 ? '' : `<li>and ${more} more</li>`;
  return `<h3>${part.title}</h3><ul>${items.join('')}${rest}</ul>`;
}
