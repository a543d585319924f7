'use client';

import { foundNothing, type SessionRow, type Target } from '@hive/contract';
import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useApi } from '../../live/use-api';
import { Badge } from '../../ui/badge';
import { Moment } from '../../ui/moment';
import { useSayIncident } from '../incidents/say-incident';
import { SessionBadge } from '../session-badge';

/** Beyond these, the page of incidents has the rest. */
const MOST_INCIDENTS = 10;

/** Sessions that ended badly, each the newest of its target. */
function worrying(targets: readonly Target[], sessions: readonly SessionRow[]): SessionRow[] {
  return targets.flatMap(({ id }) => {
    const newest = sessions.find(({ target_id }) => target_id === id);
    return newest !== undefined && foundNothing(newest) ? [newest] : [];
  });
}

/** What needs a person: nothing is shown while nothing does. */
export function Attention(props: { targets: readonly Target[]; sessions: readonly SessionRow[] }) {
  const found = worrying(props.targets, props.sessions);
  const { data } = useApi('listIncidents', { query: { status: 'open', limit: MOST_INCIDENTS } });
  const sayIncident = useSayIncident();
  const incidents = data?.incidents ?? [];
  if (found.length === 0 && incidents.length === 0) return null;
  return (
    <section aria-label="Needs attention" className="rounded-xl border border-bad/50 bg-surface px-4 py-3 sm:px-5">
      <h2 className="flex items-center gap-2 text-sm font-semibold">
        <TriangleAlert aria-hidden="true" className="size-4 text-bad" />
        Needs attention
      </h2>
      <ul className="mt-1 divide-y divide-line text-sm">
        {incidents.map((incident) => (
          <li key={incident.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-2">
            <Badge tone="bad">{incident.severity}</Badge>
            <Link
              href={`/incidents/${encodeURIComponent(incident.id)}`}
              prefetch={false}
              className="min-w-0 flex-1 basis-64 font-medium text-pretty underline-offset-4 hover:underline [overflow-wrap:anywhere]"
            >
              {sayIncident(incident)}
            </Link>
            <span className="text-xs text-ink-soft">
              {incident.acknowledgedAt === null ? 'nobody has it' : `${incident.acknowledgedBy ?? 'somebody'} has it`}
            </span>
          </li>
        ))}
        {found.map((session) => (
          <li key={session.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-2">
            <SessionBadge {...session} />
            <Link href={`/sessions/${session.id}`} className="font-medium underline-offset-4 hover:underline">
              {session.target_id}
            </Link>
            <span className="min-w-0 flex-1 basis-64 text-pretty text-ink-soft">{session.end_reason}</span>
            <span className="text-xs text-ink-soft">
              <Moment at={session.started_at} withDate />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
