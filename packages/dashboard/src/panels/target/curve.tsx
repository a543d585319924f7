'use client';

import { BASE_KIND, parseObjective, type Analytics, type Limit } from '@hive/contract';
import { RateAxes, ratePlane } from '../../charts/rate-plane';
import { Card } from '../../ui/card';
import { figure, quantity, say } from '../../ui/format';
import { useWidth } from '../../ui/use-width';

/** As wide as the page has room, from when that is known, px. */
const USUAL_WIDTH = 720;
const HEIGHT = 260;
/** Runs up to this multiple of the limit are drawn. */
const FARTHEST = 2;

interface CurveProps {
  kind: Analytics['kinds'][number] | undefined;
  limit: Limit | undefined;
  objectives: readonly string[];
  /** The rate that is asked about. */
  at: number | null;
}

/** p99 against the rate: what was measured and what is predicted, with the objective, the safe zone and the limit. */
export function Curve({ kind, limit, objectives, at }: CurveProps) {
  const [holder, width] = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const measured = (kind?.curve ?? []).filter(({ p99Ms }) => p99Ms > 0);
  const predicted = kind?.predicted ?? [];
  if (measured.length === 0) return null;
  // A first look goes far beyond the limit, and would leave no room for what lies around it.
  const farthest = limit?.high ? FARTHEST * limit.high : Infinity;
  const runs = measured.filter(({ intensity }) => intensity <= farthest);
  const beyond = measured.length - runs.length;
  const p99 = objectives.map(readObjective).find((found) => found !== null) ?? null;
  const mostRate = Math.max(...runs.map(({ intensity }) => intensity), limit?.high ?? 0) * 1.04;
  const latencies = [...runs.map(({ p99Ms }) => p99Ms), ...predicted.map(({ p99Ms }) => p99Ms.estimate), p99 ?? 1];
  const [low, high] = [Math.max(1, Math.min(...latencies) * 0.7), Math.max(...latencies) * 1.3];
  const plane = ratePlane({ width, height: HEIGHT }, { most: mostRate, low, high });
  const { left, right, top, bottom, x, y } = plane;
  const band = [
    ...predicted.map((point) => `${x(point.intensity)},${y(point.p99Ms.high)}`),
    ...predicted.toReversed().map((point) => `${x(point.intensity)},${y(point.p99Ms.low)}`),
  ];
  return (
    <Card label="Response time against request rate" title="p99 response time against request rate">
      <div ref={holder} className="min-w-0">
        <svg width="100%" height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} className="block text-[11px]">
          <title>{sayCurve(measured, limit)}</title>
          {limit?.safe ? (
            <rect x={x(0)} y={top} width={x(limit.safe) - x(0)} height={bottom - top} className="fill-good/8" />
          ) : null}
          {limit?.low && limit.high ? (
            <rect
              x={x(limit.low)}
              y={top}
              width={Math.max(1, x(limit.high) - x(limit.low))}
              height={bottom - top}
              className="fill-honey/30"
            />
          ) : null}
          <RateAxes plane={plane} />
          {band.length > 2 ? <polygon points={band.join(' ')} fill="var(--chart-p99)" opacity="0.14" /> : null}
          {predicted.length > 1 ? (
            <polyline
              points={predicted.map((point) => `${x(point.intensity)},${y(point.p99Ms.estimate)}`).join(' ')}
              fill="none"
              stroke="var(--chart-p99)"
              strokeWidth="2"
            />
          ) : null}
          {p99 === null ? null : (
            <>
              <line x1={left} x2={right} y1={y(p99)} y2={y(p99)} stroke="var(--bad)" strokeDasharray="6 4" />
              <text x={left + 6} y={y(p99) - 5} fill="var(--bad)">
                objective p99 &lt; {figure(p99)} ms
              </text>
            </>
          )}
          {limit?.estimate ? (
            <line x1={x(limit.estimate)} x2={x(limit.estimate)} y1={top} y2={bottom} stroke="var(--ink)" />
          ) : null}
          {at === null ? null : (
            <line
              x1={x(at)}
              x2={x(at)}
              y1={top}
              y2={bottom}
              stroke="var(--info)"
              strokeWidth="1.5"
              strokeDasharray="2 3"
            />
          )}
          {runs.map(({ intensity, p99Ms }) => (
            <circle
              key={intensity}
              cx={x(intensity)}
              cy={y(p99Ms)}
              r="3.5"
              fill="var(--surface)"
              stroke="var(--chart-p99)"
              strokeWidth="1.75"
            >
              <title>{`${figure(intensity)} requests/s: p99 ${figure(p99Ms)} ms`}</title>
            </circle>
          ))}
        </svg>
      </div>
      <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-ink-soft">
        <span>○ measured runs</span>
        {predicted.length > 1 ? <span>— predicted, with the band of nine in ten runs</span> : null}
        {limit?.safe ? <span>green: safe</span> : null}
        {limit?.low ? <span>yellow: where the limit lies</span> : null}
        {beyond > 0 ? <span>{`beyond the picture: ${beyond} more in the table`}</span> : null}
      </p>
      <details className="mt-1 text-xs text-ink-soft">
        <summary className="rounded py-1">As a table</summary>
        <table className="mt-1 w-full max-w-md text-left">
          <thead>
            <tr>
              <th scope="col">Request rate</th>
              <th scope="col">p50</th>
              <th scope="col">p99</th>
            </tr>
          </thead>
          <tbody>
            {measured.map(({ intensity, p50Ms, p99Ms }) => (
              <tr key={intensity}>
                <td>{figure(intensity)} requests/s</td>
                <td>{figure(p50Ms)} ms</td>
                <td>{figure(p99Ms)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Card>
  );
}

/** The response time of an objective on p99, ms. */
function readObjective(expression: string): number | null {
  const parsed = parseObjective(expression);
  return parsed.type === 'percentile' && parsed.quantile === 0.99 ? parsed.latencyMs : null;
}

function sayCurve(runs: readonly { intensity: number; p99Ms: number }[], limit: Limit | undefined): string {
  const [first, last] = [runs[0], runs.at(-1)];
  const ends = `p99 ${figure(first?.p99Ms)} ms at ${figure(first?.intensity)} requests/s, ${figure(last?.p99Ms)} ms at ${figure(last?.intensity)} requests/s`;
  return limit?.estimate ? `${ends}; limit ${say(quantity(limit.estimate, limit.unit))}` : ends;
}

/** The kind whose curve is shown. */
export function curveOf(analytics: Analytics | undefined): Analytics['kinds'][number] | undefined {
  return analytics?.kinds.find(({ kind }) => kind === BASE_KIND);
}
