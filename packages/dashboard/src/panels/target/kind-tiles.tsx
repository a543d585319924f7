'use client';

import { BASE_KIND, KIND_LABELS, STATUS_WORDS, type Kind, type Limit } from '@hive/contract';
import { Play } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Moment } from '../../ui/moment';
import { KindName } from '../kind-name';
import { LIMIT_TONES } from '../limit-tones';
import { sayRange, sayReason, valueOf } from '../say-limit';

interface KindTilesProps {
  target: string;
  limits: readonly Limit[];
  /** Measures one kind; absent: it may not be measured now, or not by who looks at the page. */
  onMeasure: ((kind: Kind) => void) | undefined;
}

/** What else can break the target: a tile a kind, with its limit, how well it is known, and its runs; or how to find it, or why it has none. */
export function KindTiles({ target, limits, onMeasure }: KindTilesProps) {
  const others = limits.filter(({ kind }) => kind !== BASE_KIND);
  if (others.length === 0) return null;
  return (
    <Card label="What else breaks it" title="What else breaks it">
      <div className="@container">
        <ul className="grid gap-3 @md:grid-cols-2 @3xl:grid-cols-3 @5xl:grid-cols-4 @[90rem]:grid-cols-7">
          {others.map((limit) => (
            <Tile key={limit.kind} target={target} limit={limit} onMeasure={onMeasure} />
          ))}
        </ul>
      </div>
    </Card>
  );
}

function Tile({ target, limit, onMeasure }: { limit: Limit } & Pick<KindTilesProps, 'target' | 'onMeasure'>) {
  const { kind, status, scenarios, updatedAt, reason } = limit;
  const { label, asks, value: name } = KIND_LABELS[kind];
  const value = valueOf(limit);
  const runs = new URLSearchParams({ target, kind }).toString();
  const isMeasured = scenarios > 0;
  return (
    <li className="flex min-w-0 flex-col gap-1 rounded-lg border border-line p-3 has-[a]:hover:bg-sunken relative">
      <div className="flex flex-wrap items-start justify-between gap-x-2 gap-y-1">
        <KindName kind={kind} />
        {isMeasured ? <Badge tone={LIMIT_TONES[status]}>{STATUS_WORDS[status]}</Badge> : null}
      </div>
      {value === null ? null : (
        <p className="text-lg font-semibold tracking-tight">
          {value.bound === '' ? null : <span className="mr-1 text-sm font-normal text-ink-soft">{value.bound}</span>}
          {value.value}
          <span className="ml-1 text-sm font-normal text-ink-soft">{value.unit}</span>
        </p>
      )}
      <p className="text-xs text-pretty text-ink-soft">
        {isMeasured
          ? sayRange(limit) ||
            (value === null ? (reason === undefined ? STATUS_WORDS[status] : sayReason(reason)) : name)
          : null}
        {isMeasured ? null : status === 'not_applicable' ? `Does not apply: ${reason ?? asks}` : asks}
      </p>
      <div className="mt-auto flex items-center justify-between gap-2 pt-1 text-xs text-ink-soft">
        {isMeasured ? (
          <Link
            href={`/runs?${runs}`}
            prefetch={false}
            aria-label={`Runs of ${label}`}
            className="rounded underline-offset-4 after:absolute after:inset-0 hover:underline"
          >
            {updatedAt === null ? 'Its runs' : <Moment at={updatedAt} withDate />}
          </Link>
        ) : status === 'not_applicable' ? null : (
          <>
            <span>{STATUS_WORDS.unknown}</span>
            {onMeasure === undefined ? null : (
              <Button icon={Play} aria-label={`Measure ${label}`} onClick={() => onMeasure(kind)}>
                Measure
              </Button>
            )}
          </>
        )}
      </div>
    </li>
  );
}
