import {
  BASE_KIND,
  headroomWords,
  KIND_LABELS,
  regionLimitWords,
  STATUS_WORDS,
  twiceWords,
  type Headroom,
  type Limit,
  type Mark,
} from '@hive/contract';
import type { TrailStep } from '../live/state';
import { Badge } from '../ui/badge';
import { Card, Nothing, Skeleton } from '../ui/card';
import { plural } from '../ui/format';
import { Moment } from '../ui/moment';
import { IntervalTrail } from './interval-trail';
import { KindName } from './kind-name';
import { LIMIT_TONES } from './limit-tones';
import { sayBasis, sayRange, saySafe, valueOf } from './say-limit';

export interface LimitCardProps {
  target: string | null;
  /** Undefined while they are being asked for. */
  limits: readonly Limit[] | undefined;
  /** How the request rate compares with the target's traffic; null where that is not known. */
  traffic: Headroom | null;
  /** Newest first. */
  marks: readonly Mark[];
  /** Each limit as the newest session told it, and what taught it, oldest first. */
  trail: readonly TrailStep[];
  /** Why the engine tries what it tries now. */
  nextReason: string | null;
}

/** What has been learned about one target, kind by kind, and no more than that. */
export function LimitCard({ target, limits, traffic, marks, trail, nextReason }: LimitCardProps) {
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
          <LimitRow
            key={limit.kind}
            limit={limit}
            traffic={limit.kind === BASE_KIND ? traffic : null}
            trail={trail.filter((step) => step.limit.kind === limit.kind)}
          />
        ))}
      </ul>
      <MarksSince limits={shown} marks={marks} />
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

interface LimitRowProps {
  limit: Limit;
  traffic: Headroom | null;
  trail: readonly TrailStep[];
}

function LimitRow({ limit, traffic, trail }: LimitRowProps) {
  const { value: name } = KIND_LABELS[limit.kind];
  const value = valueOf(limit);
  const safe = saySafe(limit);
  return (
    <li className="py-3 first:pt-1">
      <div className="flex items-start justify-between gap-3">
        <KindName kind={limit.kind} />
        <Badge tone={LIMIT_TONES[limit.status]}>{STATUS_WORDS[limit.status]}</Badge>
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
      <Regions limit={limit} />
      {traffic === null ? null : (
        <p className="mt-0.5 text-sm text-pretty text-ink-soft">
          {[headroomWords(traffic, limit.safe), twiceWords(traffic)].filter(Boolean).join('; ')}
        </p>
      )}
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

/** What each region showed, as a load of all regions together; nothing where this machine sent. */
function Regions({ limit: { regions = {}, unit } }: { limit: Limit }) {
  const all = Object.entries(regions);
  if (all.length === 0) return null;
  return (
    <dl aria-label="By region" className="mt-1 grid gap-0.5 text-sm text-ink-soft">
      {all.map(([name, limit]) => (
        <div key={name} className="flex flex-wrap gap-x-1.5">
          <dt className="font-medium wrap-anywhere">from {name}</dt>
          <dd className="text-pretty">{regionLimitWords(limit, unit)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What happened to the target after its limits were last measured. */
function MarksSince({ limits, marks }: { limits: readonly Limit[]; marks: readonly Mark[] }) {
  const measured = limits.flatMap(({ updatedAt }) => (updatedAt === null ? [] : [updatedAt])).toSorted();
  const since = measured.at(-1);
  const later = since === undefined ? [] : marks.filter(({ at }) => at > since);
  if (later.length === 0) return null;
  return (
    <div className="mt-1 border-t border-line pt-2 text-xs text-ink-soft">
      <p className="font-medium">Not measured since</p>
      <ul className="mt-1 grid gap-1">
        {later.map(({ id, text, url, at }) => (
          <li key={id} className="wrap-anywhere">
            {url === null ? (
              text
            ) : (
              <a className="underline underline-offset-4" href={url} target="_blank" rel="noreferrer">
                {text}
              </a>
            )}
            {' · '}
            <Moment at={at} withDate />
          </li>
        ))}
      </ul>
    </div>
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
