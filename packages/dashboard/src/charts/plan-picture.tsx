'use client';

import { FAULT_TYPES, type Plan, type PlannedFault } from '@hive/contract';
import { useId } from 'react';
import { duration, figure } from '../ui/format';
import { useWidth } from '../ui/use-width';

const LOAD_PX = 120;
const LANE_PX = 26;
const AXIS_PX = 24;
const LEFT_PX = 8;
const RIGHT_PX = 8;
const TOP_PX = 22;

/** What a run sends and when: the load over time, its warm-up and judged part, and below them its faults. */
export function PlanPicture({ plan }: { plan: Plan }) {
  const [holder, width] = useWidth<HTMLDivElement>(560);
  const hatch = useId();
  const { warmupMs, durationMs, faults = [], rests = [] } = plan;
  const endMs = warmupMs + durationMs;
  const line = loadLine(plan);
  const most = Math.max(...line.map(({ load }) => load)) * 1.2;
  const x = (ms: number): number => LEFT_PX + (Math.min(ms, endMs) / endMs) * (width - LEFT_PX - RIGHT_PX);
  const y = (load: number): number => TOP_PX + (1 - load / most) * LOAD_PX;
  const bottom = TOP_PX + LOAD_PX;
  const lanes = bottom + (faults.length === 0 ? 0 : 6);
  const height = lanes + faults.length * LANE_PX + AXIS_PX;
  const points = line.map(({ atMs, load }) => `${x(atMs)},${y(load)}`);
  return (
    <div ref={holder} className="min-w-0">
      <svg width="100%" height={height} viewBox={`0 0 ${width} ${height}`} className="block text-[11px]">
        <title>{sayPlan(plan)}</title>
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" x2="0" y1="0" y2="6" stroke="var(--line-strong)" strokeWidth="1" opacity="0.5" />
          </pattern>
        </defs>
        <rect x={x(0)} y={TOP_PX} width={x(warmupMs) - x(0)} height={LOAD_PX} fill={`url(#${hatch})`} />
        {rests.map(({ fromMs, toMs }) => (
          <rect
            key={fromMs}
            x={x(fromMs)}
            y={TOP_PX}
            width={Math.max(1, x(toMs) - x(fromMs))}
            height={LOAD_PX}
            className="fill-info/15"
          />
        ))}
        <polygon
          points={[`${x(0)},${bottom}`, ...points, `${x(endMs)},${bottom}`].join(' ')}
          fill="var(--chart-throughput)"
          opacity="0.16"
        />
        <polyline points={points.join(' ')} fill="none" stroke="var(--chart-throughput)" strokeWidth="2" />
        <line x1={x(0)} x2={x(endMs)} y1={bottom} y2={bottom} stroke="var(--line-strong)" />
        {x(warmupMs) - x(0) > 60 ? (
          <text x={x(0)} y={TOP_PX - 8} fill="var(--chart-text)">
            warm-up
          </text>
        ) : null}
        <text x={x(warmupMs)} y={TOP_PX - 8} fill="var(--chart-text)">
          {`judged, ${duration(durationMs / 1_000)}`}
        </text>
        <text x={x(endMs) - 4} y={y(most / 1.2) - 6} textAnchor="end" fill="var(--ink)" fontWeight="600">
          {sayLoad(plan)}
        </text>
        {faults.map((fault, lane) => (
          <g key={lane}>
            <rect
              x={x(fault.fromMs)}
              y={lanes + lane * LANE_PX + 3}
              width={Math.max(3, x(fault.toMs) - x(fault.fromMs))}
              height={LANE_PX - 6}
              rx="4"
              className="fill-bad/25"
            />
            <text
              x={Math.min(x(fault.fromMs) + 6, width - 120)}
              y={lanes + lane * LANE_PX + LANE_PX / 2 + 4}
              fill="var(--ink)"
            >
              {sayFault(fault)}
            </text>
          </g>
        ))}
        {[0, warmupMs, endMs].map((ms, index) => (
          <text
            key={index}
            x={x(ms)}
            y={height - 8}
            textAnchor={index === 0 ? 'start' : index === 2 ? 'end' : 'middle'}
            fill="var(--chart-text)"
          >
            {index === 1 && (x(ms) < 60 || x(ms) > width - 60) ? '' : duration(ms / 1_000)}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** The load at each bend. */
function loadLine({ arrivals, warmupMs, durationMs }: Plan): { atMs: number; load: number }[] {
  const endMs = warmupMs + durationMs;
  if (arrivals.model === 'closed')
    return [
      { atMs: 0, load: arrivals.connections },
      { atMs: endMs, load: arrivals.connections },
    ];
  let atMs = 0;
  const line: { atMs: number; load: number }[] = [];
  for (const stage of arrivals.stages) {
    line.push({ atMs, load: stage.fromPerSecond });
    atMs += stage.durationMs;
    line.push({ atMs, load: stage.toPerSecond });
  }
  return [...line, { atMs: endMs, load: line.at(-1)?.load ?? 0 }];
}

function sayLoad(plan: Plan): string {
  const most = Math.max(...loadLine(plan).map(({ load }) => load));
  return `${figure(most)} ${plan.arrivals.model === 'open' ? 'requests/s' : 'connections'}`;
}

/** `Latency 100 ms`. */
function sayFault({ type, attributes, share, link }: PlannedFault): string {
  const known = FAULT_TYPES.find((one) => one.type === type);
  const values = Object.entries(attributes).flatMap(([name, value]) => {
    const attribute = known?.attributes.find((one) => one.name === name);
    return value === 0 ? [] : [`${figure(value)} ${attribute?.unit ?? ''}`.trim()];
  });
  const where = link === 'client' ? '' : ` on the link to ${link}`;
  return `${[known?.label ?? type, ...values].join(' ')}${share < 1 ? `, ${figure(100 * share)} % of connections` : ''}${where}`;
}

/** The same in words. */
function sayPlan(plan: Plan): string {
  const { warmupMs, durationMs, faults = [] } = plan;
  const timed = faults.map(
    (fault) => `${sayFault(fault)} from ${duration(fault.fromMs / 1_000)} to ${duration(fault.toMs / 1_000)}`,
  );
  return [
    `${sayLoad(plan)}: ${duration(warmupMs / 1_000)} warm-up, then ${duration(durationMs / 1_000)} judged`,
    ...timed,
  ].join('; ');
}
