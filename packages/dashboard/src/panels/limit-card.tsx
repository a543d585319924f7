import type { Limit } from '@hive/contract';
import type { TrailStep } from '../live/state';
import { Badge, type Tone } from '../ui/badge';
import { Card, Nothing, Skeleton } from '../ui/card';
import { duration, figure, percent } from '../ui/format';
import { IntervalTrail } from './interval-trail';
import { Moment } from '../ui/moment';

const STATUSES = {
  known: { text: 'known', tone: 'good' },
  at_least: { text: 'at least', tone: 'info' },
  below: { text: 'below', tone: 'info' },
  unknown: { text: 'unknown', tone: 'plain' },
  not_monotone: { text: 'not monotone', tone: 'honey' },
  not_applicable: { text: 'not applicable', tone: 'plain' },
} as const satisfies Record<Limit['status'], { text: string; tone: Tone }>;

export interface LimitCardProps {
  target: string | null;
  /** Undefined while they are being asked for. */
  limits: readonly Limit[] | undefined;
  /** Each limit as the newest session told it, and what taught it, oldest first. */
  trail: readonly TrailStep[];
  /** Why the engine tries what it tries now. */
  nextReason: string | null;
}

/** What has been learned about one target, kind by kind, and no more than that. */
export function LimitCard({ target, limits, trail, nextReason }: LimitCardProps) {
  return (
    <Card
      label="Limits"
      aside={target === null ? null : <span className="truncate text-xs text-ink-soft">of {target}</span>}
    >
      {target === null ? <Nothing>No target yet: add one to learn what it can take.</Nothing> : null}
      {target !== null && limits === undefined ? <Skeleton className="h-36" /> : null}
      {limits?.length === 0 ? <Nothing>Nothing learned yet.</Nothing> : null}
      <ul className="divide-y divide-line">
        {limits
          ?.filter(({ status }) => status !== 'not_applicable')
          .map((limit) => (
            <LimitRow key={limit.kind} limit={limit} trail={trail.filter((step) => step.limit.kind === limit.kind)} />
          ))}
      </ul>
      <NotApplicable limits={limits?.filter(({ status }) => status === 'not_applicable') ?? []} />
      {nextReason ? (
        <p className="mt-3 rounded-lg bg-honey-wash px-3 py-2 text-sm text-pretty text-honey-ink">
          <span className="font-semibold">Next probe. </span>
          <span className="inline-block first-letter:uppercase">{nextReason}</span>
        </p>
      ) : null}
    </Card>
  );
}

function LimitRow({ limit, trail }: { limit: Limit; trail: readonly TrailStep[] }) {
  const { text, tone } = STATUSES[limit.status];
  const { said, bound } = sayLimit(limit);
  return (
    <li className="py-3 first:pt-1">
      <div className="flex items-center justify-between gap-3">
        <span className="font-mono text-xs font-medium">{limit.kind}</span>
        <Badge tone={tone}>{text}</Badge>
      </div>
      <div className="mt-1 flex flex-wrap items-baseline justify-between gap-x-4">
        <p className={`text-xl font-semibold tracking-tight ${said === 'unknown' ? 'text-ink-soft' : ''}`}>
          {bound ? <span className="mr-1.5 text-sm font-normal text-ink-soft">{bound}</span> : null}
          {said}
          {said === 'unknown' ? null : <span className="ml-1 text-sm font-normal text-ink-soft">{limit.unit}</span>}
        </p>
        <p className="text-sm text-ink-soft">{sayRange(limit)}</p>
      </div>
      {limit.safe === null ? null : <p className="mt-0.5 text-sm text-ink-soft">{saySafe(limit.safe, limit)}</p>}
      <p className="mt-0.5 text-xs text-pretty text-ink-soft">
        {sayBasis(limit)}
        {/* A limit is of the minutes in which it was measured. */}
        {limit.updatedAt === null || limit.scenarios === 0 ? null : (
          <>
            {' · measured '}
            <Moment at={limit.updatedAt} withDate />
          </>
        )}
      </p>
      <RangeBar limit={limit} />
      <IntervalTrail trail={trail} />
    </li>
  );
}

/** Folded away: it is no result, but it has a reason. */
function NotApplicable({ limits }: { limits: readonly Limit[] }) {
  if (limits.length === 0) return null;
  return (
    <details className="mt-1 border-t border-line pt-2 text-xs text-ink-soft">
      <summary className="rounded py-1 font-medium">
        {limits.length} {limits.length === 1 ? 'kind does' : 'kinds do'} not apply
      </summary>
      <dl className="mt-1 grid gap-2">
        {limits.map(({ kind, reason }) => (
          <div key={kind}>
            <dt className="font-mono text-ink">{kind}</dt>
            <dd className="text-pretty">{reason ?? 'does not apply to this target'}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function sayLimit({ status, estimate, low, high }: Limit): { said: string; bound: string } {
  if (status === 'known' && estimate !== null) return { said: figure(estimate), bound: '' };
  if (status === 'at_least' && low !== null) return { said: figure(low), bound: 'at least' };
  if (status === 'below' && high !== null) return { said: figure(high), bound: 'below' };
  return { said: 'unknown', bound: '' };
}

function sayRange({ status, method, low, high, level }: Limit): string {
  if (low === null || high === null || status === 'not_applicable') return '';
  const range = `${figure(low)} – ${figure(high)}`;
  if (method === 'bracket') return `bracket ${range}`;
  return level === null ? `interval ${range}` : `${percent(level).replace('.0', '')} interval ${range}`;
}

function saySafe(safe: number, { heldSeconds, unit }: Limit): string {
  const how = heldSeconds === undefined ? 'foretold for runs of ten minutes' : `held for ${duration(heldSeconds)}`;
  return `Safe up to ${figure(safe)} ${unit}, ${how}`;
}

function sayBasis({ reason, binding, scenarios, status }: Limit): string {
  const basis = scenarios === 0 ? '' : `${scenarios} ${scenarios === 1 ? 'scenario' : 'scenarios'}`;
  const breaks = binding === null || status === 'at_least' ? '' : `${binding} breaks first`;
  return [reason, breaks, basis].filter(Boolean).join(' · ');
}

/** Where the estimate lies in its bracket or interval, on an axis from zero. */
function RangeBar({ limit: { low, high, estimate } }: { limit: Limit }) {
  if (low === null && high === null) return null;
  const end = (high ?? (low ?? 0) * 1.6) * 1.15;
  const place = (value: number): number => (end > 0 ? Math.min(100, (value / end) * 100) : 0);
  const from = place(low ?? 0);
  const to = high === null ? 100 : place(high);
  return (
    <div aria-hidden="true" className="relative mt-2 h-1.5 overflow-hidden rounded-full bg-sunken">
      {low === null ? null : <div className="absolute inset-y-0 left-0 bg-good/35" style={{ width: `${from}%` }} />}
      <div
        className={`absolute inset-y-0 ${high === null ? 'bg-linear-to-r from-honey/60 to-transparent' : 'bg-honey/60'}`}
        style={{ left: `${from}%`, width: `${to - from}%` }}
      />
      {estimate === null ? null : (
        <div className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `${place(estimate)}%` }} />
      )}
    </div>
  );
}
