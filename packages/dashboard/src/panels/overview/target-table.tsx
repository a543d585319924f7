'use client';

import { BASE_KIND, KIND_LABELS, type Analytics, type Limit, type Target } from '@hive/contract';
import Link from 'next/link';
import { useLive } from '../../live/feed-provider';
import { useApi } from '../../live/use-api';
import { Card, Nothing } from '../../ui/card';
import { percent, quantity, say } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { Sparkline } from '../../ui/sparkline';
import { sayAddress } from '../say-address';
import { sayShort } from '../say-limit';
import { SessionBadge } from '../session-badge';

/** Columns, and the width of the screen from which each is shown. */
const HEADS: readonly [head: string, from: string][] = [
  ['Target', ''],
  [KIND_LABELS[BASE_KIND].value, ''],
  ['Safe', 'hidden sm:table-cell'],
  ['Against last', 'hidden lg:table-cell'],
  ['Trend', 'hidden lg:table-cell'],
  ['Last session', 'hidden md:table-cell'],
  ['State', ''],
];

/** A row a target: what it can take, and whether that has changed. */
export function TargetTable({ targets }: { targets: readonly Target[] }) {
  return (
    <Card label="Targets">
      {targets.length === 0 ? (
        <Nothing>No target yet. Add the address of a service with the button above.</Nothing>
      ) : (
        <table className="w-full table-fixed border-collapse text-sm sm:table-auto">
          <thead>
            <tr className="border-b border-line text-left text-xs text-ink-soft">
              {HEADS.map(([head, from]) => (
                <th key={head} scope="col" className={`py-2 pr-4 font-medium last:pr-0 ${from}`}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {targets.map((target) => (
              <TargetRow key={target.id} target={target} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function TargetRow({ target }: { target: Target }) {
  const { id } = target;
  const status = useLive(({ state }) => state.status);
  const sessions = useLive(({ state }) => state.sessions);
  const { data: known } = useApi('targetLimits', { params: { id } });
  const { data: analytics } = useApi('performanceAnalytics', { query: { target: id } });
  const limit = known?.limits.find(({ kind }) => kind === BASE_KIND);
  const found = foundLimits(analytics);
  const newest = sessions.find(({ target_id }) => target_id === id);
  const running = status.running && status.target === id;
  return (
    <tr className="h-14">
      <th scope="row" className="max-w-40 pr-4 sm:max-w-60 text-left font-normal">
        <Link
          href={`/targets/${encodeURIComponent(id)}`}
          className="line-clamp-2 font-semibold underline-offset-4 [overflow-wrap:anywhere] hover:underline"
        >
          {id}
        </Link>
        <span className="block truncate text-xs text-ink-soft">{sayAddress(target)}</span>
      </th>
      <td className="py-2 pr-4 font-medium text-balance">{limit === undefined ? '' : sayShort(limit)}</td>
      <td className="hidden pr-4 whitespace-nowrap sm:table-cell">
        {limit === undefined || limit.safe === null ? '–' : say(quantity(limit.safe, limit.unit))}
      </td>
      <td className="hidden pr-4 whitespace-nowrap lg:table-cell">{sayAgainstLast(found)}</td>
      <td className="hidden pr-4 lg:table-cell">
        <Sparkline values={found.map(({ estimate }) => estimate ?? 0)} label={sayTrend(found)} />
      </td>
      <td className="hidden pr-4 whitespace-nowrap text-ink-soft md:table-cell">
        {newest === undefined ? 'none yet' : <Moment at={newest.started_at} withDate />}
      </td>
      <td className="whitespace-nowrap">
        {newest === undefined ? (
          <span className="text-ink-soft">not measured</span>
        ) : (
          <SessionBadge {...(running ? { status: 'running', end_code: null } : newest)} />
        )}
      </td>
    </tr>
  );
}

/** What sessions found by themselves, oldest first. */
function foundLimits(analytics: Analytics | undefined): Pick<Limit, 'estimate' | 'low' | 'high'>[] {
  const limits = analytics?.kinds.find(({ kind }) => kind === BASE_KIND)?.limits ?? [];
  return limits.map(({ limit }) => limit.own ?? limit).filter(({ estimate }) => estimate !== null);
}

/** `−20 %`: the newest against the one before. Differences within both intervals are none. */
function sayAgainstLast(found: ReturnType<typeof foundLimits>): string {
  const [before, newest] = found.slice(-2);
  if (!before?.estimate || !newest?.estimate) return '–';
  const overlaps = (newest.low ?? 0) <= (before.high ?? Infinity) && (before.low ?? 0) <= (newest.high ?? Infinity);
  if (overlaps) return 'no difference shown';
  const ratio = newest.estimate / before.estimate - 1;
  return `${ratio < 0 ? '−' : '+'}${percent(Math.abs(Math.round(ratio * 100) / 100))}`;
}

function sayTrend(found: ReturnType<typeof foundLimits>): string {
  if (found.length < 2) return '';
  const [first, last] = [found[0], found.at(-1)];
  return `Max rate over ${found.length} sessions: ${say(quantity(first?.estimate, 'requests/s'))} at first, ${say(quantity(last?.estimate, 'requests/s'))} now`;
}
