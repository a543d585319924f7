'use client';

import type { Analytics, Mark } from '@hive/contract';
import { roundMarks } from '../../charts/round-marks';
import { Card } from '../../ui/card';
import { figure, percent } from '../../ui/format';
import { useWidth } from '../../ui/use-width';
import { Moment } from '../../ui/moment';

/** As wide as the page has room, from when that is known, px. */
const USUAL_WIDTH = 720;
const HEIGHT = 150;
const PAD = { left: 52, right: 12, top: 12, bottom: 12 };

/** What each session found by itself, with its interval; releases and the sessions between which it changed are marked. */
export function LimitHistory({
  kind,
  marks,
}: {
  kind: Analytics['kinds'][number] | undefined;
  marks: readonly Mark[];
}) {
  const [holder, width] = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const found = (kind?.limits ?? []).flatMap(({ session_id: id, at, limit }) => {
    const { estimate, low, high } = limit.own ?? limit;
    return estimate === null ? [] : [{ id, at, estimate, low: low ?? estimate, high: high ?? estimate }];
  });
  if (kind === undefined || found.length < 2) return null;
  const top = Math.max(...found.map(({ high }) => high)) * 1.1;
  const x = (index: number): number => PAD.left + ((index + 0.5) / found.length) * (width - PAD.left - PAD.right);
  const y = (value: number): number => PAD.top + (1 - value / top) * (HEIGHT - PAD.top - PAD.bottom);
  const label = `Max rate of ${found.length} sessions, oldest first: ${found.map(({ estimate }) => figure(estimate)).join(', ')} requests/s`;
  const placeOf = (at: string): number => found.filter((one) => one.at < at).length - 0.5;
  return (
    <Card label="History of the limit" title="Max rate, session by session">
      <div ref={holder} className="min-w-0">
        <svg width="100%" height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} className="block text-[11px]">
          <title>{label}</title>
          {roundMarks(top).map((mark) => (
            <g key={mark}>
              <line x1={PAD.left} x2={width - PAD.right} y1={y(mark)} y2={y(mark)} stroke="var(--chart-grid)" />
              <text x={PAD.left - 6} y={y(mark) + 4} textAnchor="end" fill="var(--chart-text)">
                {figure(mark)}
              </text>
            </g>
          ))}
          {marks.map(({ id, at, text }) => (
            <line
              key={id}
              x1={x(placeOf(at))}
              x2={x(placeOf(at))}
              y1={PAD.top}
              y2={HEIGHT - PAD.bottom}
              stroke="var(--info)"
              strokeDasharray="3 3"
            >
              <title>{text}</title>
            </line>
          ))}
          {found.map(({ id, estimate, low, high }, index) => (
            <g key={id}>
              <line
                x1={x(index)}
                x2={x(index)}
                y1={y(low)}
                y2={y(high)}
                stroke="var(--chart-throughput)"
                strokeWidth="5"
                opacity="0.3"
              />
              <circle cx={x(index)} cy={y(estimate)} r="3.5" fill="var(--chart-throughput)" />
            </g>
          ))}
        </svg>
      </div>
      {kind.steps.length === 0 ? null : (
        <ul className="mt-1 grid gap-1 text-sm">
          {kind.steps.map(({ before, after, ratio, marks: between }) => (
            <li key={after.session_id}>
              {ratio < 1 ? 'Fell' : 'Rose'} by {percent(Math.round(Math.abs(ratio - 1) * 100) / 100)} between{' '}
              <Moment at={before.at} withDate /> and <Moment at={after.at} withDate />
              {between.length === 0 ? '' : `, after ${between.map(({ text }) => text).join(', ')}`}.
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
