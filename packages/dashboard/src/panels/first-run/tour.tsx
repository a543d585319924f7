'use client';

import {
  BASE_KIND,
  comparisonInWords,
  defaultBudgetSeconds,
  hasEstimate,
  type Limit,
  type PracticeTruth,
  type SessionRow,
} from '@hive/contract';
import { ArrowDownNarrowWide, Square } from 'lucide-react';
import Link from 'next/link';
import { useFeed, useLive } from '../../live/feed-provider';
import { useMay } from '../../live/me';
import { useApi } from '../../live/use-api';
import { Button } from '../../ui/button';
import { figure, quantity, say } from '../../ui/format';
import { useFocusGoesOn } from '../../ui/use-focus-goes-on';
import { sayReason, sayShort } from '../say-limit';
import { TrainingProgress } from '../training-progress';
import { useActions } from '../use-actions';

/** A fifth is taken away: what is left. */
const FOUR_FIFTHS = 0.8;
/** Beyond these the overview is one of targets. */
const MOST_SESSIONS = 2;

/** Whether the first steps are still being made: on one target, in at most two sessions. */
export function isTouring(sessions: readonly SessionRow[]): boolean {
  return (
    sessions.length > 0 &&
    sessions.length <= MOST_SESSIONS &&
    new Set(sessions.map(({ target_id }) => target_id)).size === 1
  );
}

/** The first measurement: how it closes in, what it found beside what is true, and what comes next. */
export function Tour({ sessions }: { sessions: readonly SessionRow[] }) {
  const status = useLive(({ state }) => state.status);
  const [newest, first] = sessions;
  if (newest === undefined) return null;
  const target = newest.target_id;
  return (
    <section
      aria-label="First measurement"
      className="grid gap-4 rounded-xl border border-line bg-surface p-5 sm:p-6 2xl:p-8"
    >
      {status.running && status.session_id === newest.id ? (
        <Measuring target={target} />
      ) : (
        <Found target={target} newest={newest} before={first} />
      )}
    </section>
  );
}

function Measuring({ target }: { target: string }) {
  const { status, statusAtMs, limits } = useLive(({ state }) => ({
    status: state.status,
    statusAtMs: state.statusAtMs,
    limits: state.views[target]?.limits,
  }));
  const live = useLive(({ connection }) => connection === 'live');
  const { stop, doing } = useActions();
  const [, stopButton] = useFocusGoesOn();
  const mayRun = useMay('run');
  const limit = limits?.find(({ kind }) => kind === BASE_KIND);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <p className="text-sm text-ink-soft">Finding the limit of {target}</p>
          <h2 aria-live="polite" className="mt-1 text-2xl font-semibold tracking-tight sm:text-3xl">
            {limit === undefined || limit.scenarios === 0 ? 'The first loads are on their way' : saySoFar(limit)}
          </h2>
        </div>
        {mayRun ? (
          <Button
            ref={stopButton}
            look="danger"
            icon={Square}
            busy={doing === 'stopping'}
            disabled={doing === 'stopping'}
            onClick={stop}
          >
            Stop
          </Button>
        ) : null}
      </div>
      <TrainingProgress status={status} statusAtMs={statusAtMs} live={live} />
      {status.next_reason === null ? null : (
        <p className="text-sm text-pretty text-ink-soft first-letter:uppercase">{status.next_reason}</p>
      )}
    </>
  );
}

function saySoFar(limit: Limit): string {
  return hasEstimate(limit.status) ? `So far ${sayShort(limit)}` : sayShort(limit);
}

/** A session that is over, beside the truth where that is known, and beside the session before it. */
function Found({ target, newest, before }: { target: string; newest: SessionRow; before: SessionRow | undefined }) {
  const feed = useFeed();
  const actions = useActions();
  const mayRun = useMay('run');
  const { data: truth } = useTruth(target);
  const limit = newest.limits.find(({ kind }) => kind === BASE_KIND);
  const hasFound = limit !== undefined && limit.low !== null;
  const { data: comparison } = useApi(
    'compareSessions',
    { query: { a: before?.id ?? '', b: newest.id } },
    { enabled: before !== undefined && hasFound },
  );
  const measureAgain = async (): Promise<void> => {
    await feed.client.call('setPractice', { params: { id: target }, body: { capacity: FOUR_FIFTHS } });
    actions.start({ target, kinds: [BASE_KIND], budgetSeconds: defaultBudgetSeconds() });
  };
  const changed = before === undefined || comparison === undefined ? null : sayChange(comparison);
  return (
    <>
      <div>
        <p className="text-sm text-ink-soft">{target}</p>
        <h2 className="mt-1 text-2xl font-semibold tracking-tight text-balance sm:text-3xl">
          {changed ?? (hasFound ? `Found ${sayFound(limit)}.` : (newest.end_reason ?? 'No limit was found.'))}
        </h2>
        {changed === null || !hasFound ? null : <p className="mt-1 text-ink-soft">Now {sayFound(limit)}.</p>}
        {changed === null && comparison !== undefined ? (
          <p className="mt-1 text-ink-soft">Whether that differs from the session before is not shown.</p>
        ) : null}
        {truth === undefined || !hasFound ? null : <Truth truth={truth} />}
        {hasFound && limit.reason !== undefined ? (
          <p className="mt-2 max-w-3xl text-sm text-pretty text-ink-soft first-letter:uppercase">
            {sayReason(limit.reason)}
          </p>
        ) : null}
      </div>
      <div className="flex flex-wrap items-center gap-3">
        {mayRun && truth !== undefined && truth.capacity === 1 && before === undefined ? (
          <Button
            look="primary"
            icon={ArrowDownNarrowWide}
            busy={actions.doing === 'starting'}
            disabled={actions.doing !== null}
            className="h-auto min-h-9 py-1.5 text-left whitespace-normal"
            onClick={() => void measureAgain()}
          >
            Take a fifth of its capacity away, measure again
          </Button>
        ) : null}
        <Link
          href={`/targets/${encodeURIComponent(target)}#kinds`}
          className="inline-flex h-9 items-center rounded-lg border border-line px-3.5 text-sm font-medium hover:bg-sunken"
        >
          See what breaks it
        </Link>
      </div>
    </>
  );
}

/** What the session found by itself: `396 requests/s (381–412)`. */
function sayFound({ own, ...limit }: Limit): string {
  return sayShort(own ? { ...limit, status: own.status, estimate: own.estimate, low: own.low, high: own.high } : limit);
}

function Truth({ truth }: { truth: PracticeTruth }) {
  const [limit] = truth.limits;
  if (limit === undefined) return null;
  return (
    <p className="mt-2 max-w-3xl text-pretty">
      Its true limit is <strong className="font-semibold">{say(quantity(limit.value, limit.unit))}</strong>: {limit.how}
      .
    </p>
  );
}

/** What the practice target can really take; nothing of other targets. */
function useTruth(target: string) {
  const isPractice = target === 'practice';
  return useApi('targetTruth', { params: { id: target } }, { enabled: isPractice });
}

type Comparison = Parameters<typeof comparisonInWords>[0];

/** `It fell by 20 % (11–28).` Null where neither that nor the contrary is shown. */
function sayChange(comparison: Comparison): string | null {
  if (comparison.answer === 'no_evidence') return null;
  const item = comparison.items.find(({ of, name }) => of === 'limit' && name === BASE_KIND);
  if (item?.ratio === undefined || item.ratio === null || item.low === null || item.high === null)
    return comparisonInWords(comparison);
  const share = (ratio: number): string => figure(Math.abs(Math.round((1 - ratio) * 100)));
  if (item.high < 1) return `It fell by ${share(item.ratio)} % (${share(item.high)}–${share(item.low)}).`;
  if (item.low > 1) return `It rose by ${share(item.ratio)} % (${share(item.low)}–${share(item.high)}).`;
  return comparisonInWords(comparison);
}
