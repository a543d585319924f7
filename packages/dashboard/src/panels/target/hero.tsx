import {
  BASE_KIND,
  boundsOf,
  headroomWords,
  KIND_LABELS,
  twiceWords,
  type Headroom,
  type Limit,
  type Target,
} from '@hive/contract';
import { Pencil } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { May } from '../../live/me';
import { Moment } from '../../ui/moment';
import { sayAddress } from '../say-address';
import { sayBasis, sayRange, saySafe, valueOf } from '../say-limit';

interface HeroProps {
  target: Target;
  limits: readonly Limit[];
  traffic: Headroom | null;
  /** Beside the answer. */
  children: ReactNode;
}

/** The answer first: what a target can take, how sure that is, what is safe, and how it compares with its traffic. */
export function Hero({ target, limits, traffic, children }: HeroProps) {
  const limit = limits.find(({ kind }) => kind === BASE_KIND);
  const value = limit === undefined ? null : valueOf(limit);
  return (
    <section aria-label="Answer" className="rounded-xl border border-line bg-surface p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="truncate text-lg font-semibold tracking-tight">{target.id}</h1>
            <span className="min-w-0 text-xs text-pretty text-ink-soft [overflow-wrap:anywhere]">
              {sayAddress(target)} · {target.objectives.join(' and ')} · {boundsOf(target).environment}
            </span>
            <May to="target.write">
              <Link
                href={`/targets/${encodeURIComponent(target.id)}/edit`}
                className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-soft hover:bg-sunken hover:text-ink"
              >
                <Pencil aria-hidden="true" className="size-3.5" />
                Edit
              </Link>
            </May>
          </div>
          {value === null || limit === undefined ? (
            <p className="mt-2 text-2xl font-semibold tracking-tight sm:text-3xl">Max rate not measured yet</p>
          ) : (
            <p className="mt-2 text-3xl font-semibold tracking-tight sm:text-4xl">
              <span className="mr-2 text-base font-normal text-ink-soft">
                {KIND_LABELS[BASE_KIND].value} {value.bound}
              </span>
              {value.value}
              <span className="ml-1.5 text-base font-normal text-ink-soft">{value.unit}</span>
            </p>
          )}
          {limit === undefined ? null : (
            <p className="mt-1 text-sm text-pretty">
              {[sayRange(limit), saySafe(limit)].filter(Boolean).join('. ')}
              {traffic === null
                ? ''
                : `. ${[headroomWords(traffic, limit.safe), twiceWords(traffic)].filter(Boolean).join('; ')}`}
            </p>
          )}
          {limit === undefined || limit.scenarios === 0 ? null : (
            <p className="mt-1 text-xs text-pretty text-ink-soft">
              {sayBasis(limit)}
              {limit.updatedAt === null ? null : (
                <>
                  {' · measured '}
                  <Moment at={limit.updatedAt} withDate />
                </>
              )}
            </p>
          )}
        </div>
        {children}
      </div>
    </section>
  );
}
