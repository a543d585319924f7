import type { Limit, SessionRow, TrainingStatus } from '@hive/contract';
import { Badge, type Tone } from '../ui/badge';
import { Card, Nothing } from '../ui/card';
import { duration, figure, percent } from '../ui/format';
import { Moment } from '../ui/moment';

const TONES = {
  running: 'honey',
  completed: 'good',
  stopped: 'plain',
  interrupted: 'bad',
  failed: 'bad',
} as const satisfies Record<SessionRow['status'], Tone>;

export interface SessionHistoryProps {
  sessions: readonly SessionRow[];
  /** It tells how far the running one is. */
  status: TrainingStatus;
}

/** Past sessions, newest first, each with the limits it left. */
export function SessionHistory({ sessions, status }: SessionHistoryProps) {
  return (
    <Card label="Sessions" aside={<span className="text-xs text-ink-soft">newest first</span>}>
      {sessions.length === 0 ? (
        <Nothing>No session yet. Each one is kept here with what it found.</Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {sessions.map((session) => (
            <Session
              key={session.id}
              session={session}
              soFar={
                session.status === 'running' && session.id === status.session_id ? status.scenarios_completed : null
              }
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Session({ session, soFar }: { session: SessionRow; soFar: number | null }) {
  const { status, started_at, ended_at, total_scenarios, successful_scenarios, average_performance } = session;
  const seconds = ended_at === null ? null : (Date.parse(ended_at) - Date.parse(started_at)) / 1_000;
  const found = session.limits.filter(({ status }) => status !== 'unknown' && status !== 'not_applicable');
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 first:pt-1 md:grid-cols-[15rem_minmax(0,1fr)_minmax(0,1.3fr)]">
      <div className="flex items-center gap-2 text-sm md:items-start">
        <Badge tone={TONES[status]}>{status}</Badge>
        <span className="text-ink-soft">
          <Moment at={started_at} withDate />
        </span>
        <span className="ml-auto text-ink-soft md:hidden">{duration(seconds)}</span>
      </div>
      <div className="min-w-0 text-sm">
        <p className="truncate font-medium">{session.target_id}</p>
        <p className="text-xs text-ink-soft">
          {soFar === null ? `${successful_scenarios} of ${total_scenarios} passed` : `${soFar} scenarios so far`}
          {average_performance === null ? '' : ` · success rate ${percent(average_performance)}`}
          {seconds === null ? '' : ` · ${duration(seconds)}`}
        </p>
      </div>
      <div className="min-w-0 text-sm">
        {found.map((limit) => (
          <p key={limit.kind} className="text-pretty">
            <span className="font-mono text-xs">{limit.kind}</span> {sayShort(limit)}
          </p>
        ))}
        {session.end_reason && session.end_reason !== status ? (
          <p className="text-xs text-pretty text-ink-soft">{session.end_reason}</p>
        ) : null}
      </div>
    </li>
  );
}

function sayShort({ status, estimate, low, high, unit, method }: Limit): string {
  const range =
    low !== null && high !== null ? ` (${method === 'bracket' ? 'bracket ' : ''}${figure(low)} – ${figure(high)})` : '';
  if (status === 'known') return `${figure(estimate)} ${unit}${range}`;
  if (status === 'at_least') return `at least ${figure(low)} ${unit}`;
  if (status === 'below') return `below ${figure(high)} ${unit}`;
  return `not monotone${range}`;
}
