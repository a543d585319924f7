'use client';

import {
  foundNothing,
  KIND_LABELS,
  sayMinutes,
  type Analytics,
  type CheckHistory,
  type Incident,
  type SessionRow,
  type ShownSchedule,
  type Target,
} from '@hive/contract';
import { X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useLive } from '../../live/feed-provider';
import { useApi, useApiOfEach } from '../../live/use-api';
import { useAwaySince } from '../../live/use-last-visit';
import { Button } from '../../ui/button';
import { percent, plural } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { useClock } from '../../ui/use-clock';
import { sayWhat } from '../schedules/say-schedule';
import { endOf } from '../session-badge';

const STEP_MS = 60_000;
const SOON_DAYS = 21;
const MOST_INCIDENTS = 200;
const LINK = 'rounded font-medium underline-offset-4 hover:underline';

/** What happened while nobody looked for half a day; nothing otherwise. */
export function SinceLastVisit({ targets }: { targets: readonly Target[] }) {
  const away = useAwaySince();
  return away === null ? null : <Since key={away.since} targets={targets} {...away} />;
}

interface News {
  key: string;
  text: ReactNode;
}

function Since(props: { targets: readonly Target[]; since: number; forget: () => void }) {
  const { targets, since, forget } = props;
  const from = new Date(since).toISOString();
  const now = useClock(STEP_MS);
  const sessions = useLive(({ state }) => state.sessions);
  const { data: opened } = useApi('listIncidents', { query: { from, limit: MOST_INCIDENTS } });
  const { data: scheduled } = useApi('listSchedules', {});
  const analytics = useApiOfEach(
    'performanceAnalytics',
    targets.map(({ id }) => ({ query: { target: id } })),
  );
  const checks = useApiOfEach(
    'listChecks',
    targets.map(({ id }) => ({ query: { target: id, limit: 1 } })),
  );
  const isLoading = opened === undefined || scheduled === undefined;
  const news = isLoading
    ? []
    : [
        ...incidentNews(opened.incidents),
        ...sessions.filter(({ started_at: at }) => at > from).flatMap(sessionNews),
        ...scheduled.schedules.flatMap((schedule) => scheduleNews(schedule, from)),
        ...targets.flatMap(({ id }, index) => [
          ...limitNews(id, analytics[index], from),
          ...certificateNews(id, checks[index]),
        ]),
      ];
  return (
    <section
      aria-label="Since you were last here"
      className="rounded-xl border border-line bg-surface px-4 py-3 sm:px-5"
    >
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-sm font-semibold text-pretty">
          Since you were last here, <Moment at={from} withDate /> {now === null ? '' : ` (${sayMinutes(now - since)})`}
        </h2>
        <Button look="quiet" square icon={X} aria-label="Put this away" title="Put this away" onClick={forget} />
      </div>
      {isLoading ? null : news.length === 0 ? (
        <p className="text-sm text-pretty text-ink-soft">
          Nothing happened: no incident, no session that failed, no limit that moved.
        </p>
      ) : (
        <ul className="grid gap-1 text-sm text-pretty">
          {news.map(({ key, text }) => (
            <li key={key}>{text}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function incidentNews(incidents: readonly Incident[]): News[] {
  if (incidents.length === 0) return [];
  const open = incidents.filter(({ status }) => status === 'open').length;
  const still = open === 0 ? 'all are closed' : `${open} ${open === 1 ? 'is' : 'are'} still open`;
  return [
    {
      key: 'incidents',
      text: (
        <>
          <Link href="/incidents" className={LINK}>
            {plural(incidents.length, 'incident')} opened
          </Link>
          , {incidents.length === 1 && open === 0 ? 'closed again' : still}.
        </>
      ),
    },
  ];
}

function sessionNews(session: SessionRow): News[] {
  if (!foundNothing(session)) return [];
  return [
    {
      key: session.id,
      text: (
        <>
          <Link href={`/sessions/${encodeURIComponent(session.id)}`} prefetch={false} className={LINK}>
            A session of {session.target_id}
          </Link>{' '}
          found nothing usable: {session.end_reason ?? endOf(session).word}.
        </>
      ),
    },
  ];
}

function scheduleNews({ id, target, what, last }: ShownSchedule, from: string): News[] {
  if (last === null || last.dueAt < from || (last.result !== 'skipped' && last.result !== 'interrupted')) return [];
  // A check that waits for the one before it comes again in a moment.
  if (what.type === 'check') return [];
  return [
    {
      key: id,
      text: (
        <>
          <Link href={`/schedules?target=${encodeURIComponent(target)}`} className={LINK}>
            {target}, {sayWhat(what)}
          </Link>{' '}
          was {last.result}
          {last.reason === null ? '' : `: ${last.reason}`}.
        </>
      ),
    },
  ];
}

function limitNews(target: string, analytics: Analytics | undefined, from: string): News[] {
  return (analytics?.kinds ?? []).flatMap(({ kind, steps }) =>
    steps
      .filter(({ after }) => after.at > from)
      .map(({ after, ratio, marks }) => ({
        key: after.session_id + kind,
        text: (
          <>
            <Link href={`/targets/${encodeURIComponent(target)}`} className={LINK}>
              {KIND_LABELS[kind].value} of {target}
            </Link>{' '}
            {ratio < 1 ? 'fell' : 'rose'} by {percent(Math.round(Math.abs(ratio - 1) * 100) / 100)}
            {marks.length === 0 ? '' : `, after ${marks.map(({ text }) => text).join(', ')}`}.
          </>
        ),
      })),
  );
}

function certificateNews(target: string, history: CheckHistory | undefined): News[] {
  const days = history?.checks[0]?.certificateDays ?? null;
  if (days === null || days > SOON_DAYS) return [];
  return [
    {
      key: `certificate ${target}`,
      text:
        days < 0
          ? `The certificate of ${target} has ended.`
          : `The certificate of ${target} ends in ${plural(days, 'day')}.`,
    },
  ];
}
