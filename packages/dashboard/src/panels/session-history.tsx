import type { SessionRow, TrainingStatus } from '@hive/contract';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Card, Nothing } from '../ui/card';
import { Moment } from '../ui/moment';
import { KindName } from './kind-name';
import { sayShort } from './say-limit';
import { SessionBadge } from './session-badge';
import { foundBy, sayAnswer, saySession } from './say-session';

export interface SessionHistoryProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  /** Newest first. */
  sessions: readonly SessionRow[];
  /** It tells how far the running one is. */
  status: TrainingStatus;
  /** Stands in a form whose field `session` has those that are chosen. */
  canChoose?: boolean;
}

/** Sessions, each with the limits it left; each leads to its page. */
export function SessionHistory({ title, aside, sessions, status, canChoose = false }: SessionHistoryProps) {
  return (
    <Card label={title} aside={aside}>
      {sessions.length === 0 ? (
        <Nothing>No session yet. Each one is kept here with what it found.</Nothing>
      ) : (
        <ul aria-label={title} className="divide-y divide-line">
          {sessions.map((session) => (
            <Session key={session.id} session={session} status={status} canChoose={canChoose} />
          ))}
        </ul>
      )}
    </Card>
  );
}

interface SessionProps extends Required<Pick<SessionHistoryProps, 'status' | 'canChoose'>> {
  session: SessionRow;
}

function Session({ session, status, canChoose }: SessionProps) {
  const { id, started_at, target_id, end_reason } = session;
  const answer = sayAnswer(session);
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 first:pt-1 md:grid-cols-[15rem_minmax(0,1fr)_minmax(0,1.3fr)]">
      <div className="flex items-center gap-2 text-sm md:items-start">
        {canChoose ? (
          <input
            type="checkbox"
            name="session"
            value={id}
            aria-label={`Choose the session of ${target_id} to compare it`}
            className="size-4 shrink-0 accent-honey"
          />
        ) : null}
        <SessionBadge {...session} />
        <Link
          href={`/sessions/${id}`}
          prefetch={false}
          className="rounded font-medium underline decoration-line-strong underline-offset-4 hover:decoration-ink"
        >
          <span className="sr-only">Session of {target_id}, </span>
          <Moment at={started_at} withDate />
        </Link>
      </div>
      <div className="min-w-0 text-sm">
        <p className="truncate font-medium">{target_id}</p>
        <p className="text-xs text-ink-soft">{saySession(session, status)}</p>
      </div>
      <div className="grid min-w-0 content-start gap-0.5 text-sm">
        {answer === null ? null : <p className="font-medium text-pretty">{answer}</p>}
        {(answer === null ? foundBy(session) : []).map((limit) => (
          <p key={limit.kind} className="flex flex-wrap items-baseline gap-x-2">
            <KindName kind={limit.kind} />
            <span>{sayShort(limit)}</span>
          </p>
        ))}
        {answer === null && end_reason && end_reason !== session.status ? (
          <p className="text-xs text-pretty text-ink-soft">{end_reason}</p>
        ) : null}
      </div>
    </li>
  );
}
