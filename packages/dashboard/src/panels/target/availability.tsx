'use client';

import type { CheckHistory, CheckResult } from '@hive/contract';
import Link from 'next/link';
import { useApi } from '../../live/use-api';
import { Card } from '../../ui/card';
import { count } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { useWidth } from '../../ui/use-width';
import { ResultBadge, RESULT_COLORS, RESULTS } from '../result-badge';
import { sayAvailability } from './say-availability';

const DAYS = 90;
const DAY_MS = 86_400_000;
const HEIGHT = 44;
/** From the bottom up: what is bad is drawn on the ground, where it is seen. */
const ORDER: readonly CheckResult[] = ['fail', 'degraded', 'under_load', 'invalid', 'pass'];
/** Even one bad check of a day is seen. */
const LEAST_SHARE = 0.12;

/** Whether a target answers: how often it did, what may still fail, and each of the last days. */
export function Availability({ target, loaded }: { target: string; loaded: CheckHistory }) {
  const { data = loaded } = useApi('listChecks', { query: { target, limit: 1 } }, { loaded });
  const [newest] = data.checks;
  const schedules = `/schedules?target=${encodeURIComponent(target)}`;
  if (newest === undefined && data.days.length === 0) {
    return (
      <Card label="Availability">
        <p className="text-sm text-pretty text-ink-soft">
          {target} has not been checked yet.{' '}
          <Link href={schedules} className="rounded font-medium text-honey-ink underline underline-offset-4">
            Schedules
          </Link>{' '}
          can do that, day and night.
        </p>
      </Card>
    );
  }
  return (
    <Card
      label="Availability"
      aside={
        newest === undefined ? null : (
          <span className="flex items-center gap-2 text-xs text-ink-soft">
            <Moment at={newest.at} /> <ResultBadge result={newest.result} title={newest.reason} />
          </span>
        )
      }
    >
      <p className="text-sm text-pretty">{sayAvailability(data)}</p>
      <DayBars days={data.days} />
    </Card>
  );
}

/** A bar a day, the newest at the right: of each, the share of every result. */
function DayBars({ days }: { days: CheckHistory['days'] }) {
  const [holder, width] = useWidth<HTMLDivElement>(640);
  const last = days.at(-1)?.day;
  if (last === undefined) return null;
  const byDay = new Map(days.map(({ day, counts }) => [day, counts]));
  // Half of them where there is little room: a bar that is too thin shows nothing.
  const shown = width < 480 ? DAYS / 2 : DAYS;
  const names = Array.from({ length: shown }, (_, index) =>
    new Date(Date.parse(last) - (shown - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
  const step = width / shown;
  return (
    <div ref={holder} className="mt-3">
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} className="block w-full">
        <title>{`Checks of ${shown} days, oldest first: ${sayDays(days.slice(-shown))}`}</title>
        {names.map((day, index) => {
          const counts = byDay.get(day);
          return (
            <g key={day}>
              <title>{counts === undefined ? `${day}: no check` : `${day}: ${sayCounts(counts)}`}</title>
              {counts === undefined ? (
                <rect x={index * step} y={HEIGHT - 3} width={step * 0.7} height={3} fill="var(--line)" />
              ) : (
                partsOf(counts).map(({ result, from, share }) => (
                  <rect
                    key={result}
                    x={index * step}
                    y={HEIGHT * (1 - from - share)}
                    width={step * 0.7}
                    height={HEIGHT * share}
                    fill={RESULT_COLORS[result]}
                  />
                ))
              )}
            </g>
          );
        })}
      </svg>
      <p className="mt-1 flex justify-between text-xs text-ink-soft">
        <span>{shown} days ago</span>
        <span>{last} (UTC)</span>
      </p>
    </div>
  );
}

/** How a day's bar is parted, from the ground up. */
function partsOf(
  counts: CheckHistory['days'][number]['counts'],
): { result: CheckResult; from: number; share: number }[] {
  const total = ORDER.reduce((sum, result) => sum + counts[result], 0);
  const found = ORDER.filter((result) => counts[result] > 0);
  const raw = found.map((result) => Math.max(LEAST_SHARE, counts[result] / total));
  const sum = raw.reduce((all, share) => all + share, 0);
  let from = 0;
  return found.map((result, index) => {
    const share = (raw[index] ?? 0) / sum;
    const part = { result, from, share };
    from += share;
    return part;
  });
}

function sayCounts(counts: CheckHistory['days'][number]['counts']): string {
  const found = ORDER.filter((result) => counts[result] > 0);
  return found.map((result) => `${count(counts[result])} ${RESULTS[result].word}`).join(', ');
}

function sayDays(days: CheckHistory['days']): string {
  const bad = days.filter(({ counts }) => counts.fail > 0);
  if (bad.length === 0) return 'no check failed';
  return `checks failed on ${bad.map(({ day, counts }) => `${day} (${counts.fail})`).join(', ')}`;
}
