'use client';

import type { RouteOutput, ScenariosFilter } from '@hive/contract';
import { FlaskConical, Scale } from 'lucide-react';
import Link from 'next/link';
import { useRef } from 'react';
import { useLive } from '../../live/feed-provider';
import { May } from '../../live/me';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { plural } from '../../ui/format';
import { RunsFilters } from './runs-filters';
import { addressOf } from './runs-filter';
import { RunsTable } from './runs-table';
import { SaveRuns } from './save-runs';
import type { ShownRun } from './shown-run';
import { useListKeys } from './use-list-keys';

export interface RunsListProps {
  /** Newest first, and where the next page begins. */
  list: { runs: readonly ShownRun[]; next: string | null } | null;
  counts: RouteOutput<'countScenarios'> | null;
  filter: ScenariosFilter;
  /** Where the page before ended; null: this is the first. */
  after: string | null;
  /** Why the API shows nothing. */
  refused: string | null;
}

const LINK = 'rounded font-medium text-honey-ink underline underline-offset-4';
const COMPARE = 'compare-runs';

/** All runs that fit the filters, page by page, each a way to its detail; two of them can be compared by their sessions. */
export function RunsList({ list, counts, filter, after, refused }: RunsListProps) {
  const whole = useRef<HTMLDivElement>(null);
  const targets = useLive(({ state }) => state.targets);
  useListKeys(whole);
  return (
    <div ref={whole} className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 className="text-xl font-semibold tracking-tight">Runs</h1>
        <div className="flex flex-wrap gap-2">
          <May to="run">
            <Link
              href={filter.target === undefined ? '/runs/new' : `/runs/new?target=${encodeURIComponent(filter.target)}`}
              className="inline-flex h-9 items-center gap-2 rounded-lg border border-line bg-surface px-3.5 text-sm font-medium hover:bg-sunken"
            >
              <FlaskConical aria-hidden="true" className="size-4" />
              New run
            </Link>
          </May>
          <SaveRuns filter={filter} format="csv" />
          <SaveRuns filter={filter} format="json" />
        </div>
      </div>
      <RunsFilters key={addressOf(filter)} filter={filter} targets={targets.map(({ id }) => id)} counts={counts} />
      <form id={COMPARE} action="/compare" className="hidden" />
      <Card
        label="List of runs"
        title={counts === null ? 'Runs' : plural(counts.total, 'run')}
        aside={
          <Button type="submit" form={COMPARE} icon={Scale}>
            Compare the two chosen
          </Button>
        }
      >
        {list === null || list.runs.length === 0 ? (
          <Nothing>{refused ?? 'No run fits these filters.'}</Nothing>
        ) : (
          <RunsTable runs={list.runs} form={COMPARE} />
        )}
      </Card>
      <nav aria-label="Pages of runs" className="flex flex-wrap items-center gap-x-6 gap-y-2 text-sm">
        {after === null ? null : (
          <Link href={addressOf(filter)} className={LINK}>
            Newest runs
          </Link>
        )}
        {list?.next ? (
          <Link href={addressOf({ ...filter, after: list.next })} prefetch={false} className={LINK}>
            Older runs
          </Link>
        ) : null}
        <p className="hidden text-xs text-ink-soft sm:block">
          <kbd>/</kbd> searches, <kbd>j</kbd> and <kbd>k</kbd> go through the rows, <kbd>x</kbd> chooses one,{' '}
          <kbd>Enter</kbd> opens it.
        </p>
      </nav>
    </div>
  );
}
