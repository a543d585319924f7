import { KIND_LABELS, STATUS_WORDS, type Limit } from '@hive/contract';
import type { TrailStep } from '../live/state';
import { Badge, type Tone } from '../ui/badge';
import { Card, Nothing, Skeleton } from '../ui/card';
import { plural } from '../ui/format';
import { Moment } from '../ui/moment';
import { IntervalTrail } from './interval-trail';
import { KindName } from './kind-name';
import { sayBasis, sayRange, saySafe, valueOf } from './say-limit';

const TONES = {
  known: 'good',
  rough: 'honey',
  unsteady: 'honey',
  at_least: 'info',
  below: 'info',
  unknown: 'plain',
  not_monotone: 'honey',
  not_applicable: 'plain',
} as const satisfies Record<Limit['status'], Tone>;

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
  const shown = limits?.filter((limit) => !isUntried(limit) && limit.status !== 'not_applicable') ?? [];
  return (
    <Card
      label="Limits"
      aside={target === null ? null : <span className="truncate text-xs text-ink-soft">of {target}</span>}
    >
      {target === null ? <Nothing>No target yet: add one to find out what it can take.</Nothing> : null}
      {target !== null && limits === undefined ? <Skeleton className="h-36" /> : null}
      {limits !== undefined && shown.length === 0 ? <Nothing>No limit measured yet.</Nothing> : null}
      <ul className="divide-y divide-line">
        {shown.map((limit) => (
          <LimitRow key={limit.kind} limit={limit} trail={trail.filter((step) => step.limit.kind === limit.kind)} />
        ))}
      </ul>
      <Folded
        title="not measured yet"
        limits={limits?.filter(isUntried) ?? []}
        say={({ kind }) => KIND_LABELS[kind].asks}
      />
      <Folded
        title="not applicable to this target"
        limits={limits?.filter(({ status }) => status === 'not_applicable') ?? []}
        say={({ reason }) => reason ?? STATUS_WORDS.not_applicable}
      />
      {nextReason ? (
        <p className="mt-3 rounded-lg bg-honey-wash px-3 py-2 text-sm text-pretty text-honey-ink">
          <span className="font-semibold">Next load. </span>
          <span className="inline-block first-letter:uppercase">{nextReason}</span>
        </p>
      ) : null}
    </Card>
  );
}

function LimitRow({ limit, trail }: { limit: Limit; trail: readonly TrailStep[] }) {
  const { value: name } = KIND_LABELS[limit.kind];
  const value = valueOf(limit);
  const safe = saySafe(limit);
  return (
    <li className="py-3 first:pt-1">
      <div className="flex items-start justify-between gap-3">
        <KindName kind={limit.kind} />
        <Badge tone={TONES[limit.status]}>{STATUS_WORDS[limit.status]}</Badge>
      </div>
      {value === null ? null : (
        <p className="mt-1 text-xl font-semibold tracking-tight">
          <span className="mr-1.5 text-sm font-normal text-ink-soft">
            {name} {value.bound}
          </span>
          {value.value}
          <span className="ml-1 text-sm font-normal text-ink-soft">{value.unit}</span>
        </p>
      )}
      <p className="text-sm text-ink-soft">{sayRange(limit)}</p>
      {safe === '' ? null : <p className="mt-0.5 text-sm text-ink-soft">{safe}</p>}
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

interface FoldedProps {
  title: string;
  limits: readonly Limit[];
  /** What is to be said of one. */
  say: (limit: Limit) => string;
}

/** Kinds that have no result, folded away. */
function Folded({ title, limits, say }: FoldedProps) {
  if (limits.length === 0) return null;
  return (
    <details className="mt-1 border-t border-line pt-2 text-xs text-ink-soft">
      <summary className="rounded py-1 font-medium">
        {plural(limits.length, 'kind')} {title}
      </summary>
      <dl className="mt-1 grid gap-2">
        {limits.map((limit) => (
          <div key={limit.kind}>
            <dt className="text-ink">
              <KindName kind={limit.kind} />
            </dt>
            <dd className="text-pretty">{say(limit)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function isUntried({ status, scenarios }: Limit): boolean {
  return status === 'unknown' && scenarios === 0;
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
