'use client';

import { CHECK_RESULTS, type IncidentDetail, type ServiceCheck } from '@hive/contract';
import { Card, Nothing } from '../../ui/card';
import { plural, quantity, say } from '../../ui/format';
import { Moment, useSayTime } from '../../ui/moment';
import { useWidth } from '../../ui/use-width';
import { RESULT_COLORS, ResultBadge, RESULTS } from '../result-badge';

const HOUR_MS = 3_600_000;
const HEIGHT = 96;
const BOTTOM = 20;
const TOP = 8;
/** How high the bar of each result is: a color is never alone. */
const HEIGHTS: Readonly<Record<ServiceCheck['result'], number>> = {
  pass: 0.3,
  degraded: 0.65,
  fail: 1,
  under_load: 0.3,
  invalid: 0.15,
};

/** Checks from an hour before to an hour after it began: a bar each, the worse the higher; below them the last good and the first bad one. */
export function ChecksPicture({ detail }: { detail: IncidentDetail }) {
  const { incident, checks, lastGood, firstBad, marks } = detail;
  const [holder, width] = useWidth<HTMLDivElement>(640);
  const sayTime = useSayTime();
  const since = Date.parse(incident.since);
  const x = (at: string): number => ((Date.parse(at) - since + HOUR_MS) / (2 * HOUR_MS)) * width;
  const floor = HEIGHT - BOTTOM;
  const bar = Math.min(6, Math.max(1.5, width / Math.max(60, checks.length * 1.5)));
  const short = (at: string): string => sayTime(at).slice(0, 5);
  const ticks = [-1, -0.5, 0, 0.5, 1].map((hours) => new Date(since + hours * HOUR_MS).toISOString());
  return (
    <Card label="Checks around it" title="Checks, an hour before and after">
      {checks.length === 0 ? (
        <Nothing>No check of these hours is kept.</Nothing>
      ) : (
        <div ref={holder}>
          <svg viewBox={`0 0 ${width} ${HEIGHT}`} className="block w-full text-[11px]">
            <title>{sayPicture(checks)}</title>
            <line x1="0" x2={width} y1={floor} y2={floor} stroke="var(--chart-grid)" />
            <line x1={width / 2} x2={width / 2} y1={TOP - 6} y2={floor} stroke="var(--ink)" strokeDasharray="2 3" />
            {marks
              .filter(({ at }) => x(at) >= 0 && x(at) <= width)
              .map(({ id, at, text }) => (
                <line key={id} x1={x(at)} x2={x(at)} y1={TOP} y2={floor} stroke="var(--info)" strokeWidth="1.5">
                  <title>{text}</title>
                </line>
              ))}
            {checks.map(({ id, at, result, reason }) => {
              const height = HEIGHTS[result] * (floor - TOP);
              return (
                <rect
                  key={id}
                  x={Math.min(width - bar, Math.max(0, x(at) - bar / 2))}
                  y={floor - height}
                  width={bar}
                  height={height}
                  fill={RESULT_COLORS[result]}
                >
                  <title>{`${sayTime(at)} ${RESULTS[result].word}${reason === null ? '' : `: ${reason}`}`}</title>
                </rect>
              );
            })}
            {ticks.map((at, index) => (
              <text
                key={at}
                x={x(at)}
                y={HEIGHT - 5}
                textAnchor={index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : 'middle'}
                fill="var(--chart-text)"
              >
                {short(at)}
              </text>
            ))}
          </svg>
        </div>
      )}
      <dl className="mt-2 grid gap-3 text-sm sm:grid-cols-2">
        <Edge name="Last good" check={lastGood} nothing="no check passed in the hour before" />
        <Edge name="First bad" check={firstBad} nothing="no check failed" />
      </dl>
    </Card>
  );
}

function Edge({ name, check, nothing }: { name: string; check: ServiceCheck | null; nothing: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs font-medium text-ink-soft">{name}</dt>
      {check === null ? (
        <dd className="text-ink-soft">{nothing}</dd>
      ) : (
        <dd className="grid gap-0.5">
          <span className="flex flex-wrap items-center gap-2 font-medium">
            <Moment at={check.at} /> <ResultBadge result={check.result} />
          </span>
          <span className="text-pretty text-ink-soft [overflow-wrap:anywhere]">
            {check.reason ?? `${check.good} of ${check.asked} requests answered well`}
            {check.medianMs === null ? '' : `, median ${say(quantity(check.medianMs, 'ms'))}`}
          </span>
        </dd>
      )}
    </div>
  );
}

/** `41 checks: 20 passed, 21 failed`. */
function sayPicture(checks: readonly ServiceCheck[]): string {
  const counts = CHECK_RESULTS.map((one) => [one, checks.filter(({ result }) => result === one).length] as const);
  const parts = counts.filter(([, number]) => number > 0).map(([one, number]) => `${number} ${RESULTS[one].word}`);
  return `${plural(checks.length, 'check')}: ${parts.join(', ')}`;
}
