import type { PercentilePoint } from '@hive/contract';
import { useWidth } from '../ui/use-width';

/** Until it is on the page, px. */
const USUAL_WIDTH = 440;
const HEIGHT = 240;
const FRAME = { left: 52, right: 12, top: 8, bottom: 24 };
const SHARES = [0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

export interface PercentileCurve {
  points: readonly PercentilePoint[];
  /** Name of the CSS variable of its color. */
  color: string;
  dashed?: boolean;
}

/** Percentiles on 1 ÷ (1 − p), so that the tail has as much room as the rest; times by their logarithm. */
export function PercentilePlot({ curves }: { curves: readonly PercentileCurve[] }) {
  const [holder, width] = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const all = curves.flatMap(({ points }) => points).filter(({ ms }) => ms > 0);
  const [low, high] = [Math.min(...all.map(({ ms }) => ms)) / 1.2, Math.max(...all.map(({ ms }) => ms)) * 1.2];
  const most = Math.max(...all.map(({ share }) => 1 / (1 - share)), 10);
  const x = (share: number): number =>
    FRAME.left + (Math.log(1 / (1 - share)) / Math.log(most)) * (width - FRAME.left - FRAME.right);
  const y = (ms: number): number =>
    FRAME.top + (1 - Math.log(ms / low) / Math.log(high / low)) * (HEIGHT - FRAME.top - FRAME.bottom);
  return (
    <div ref={holder}>
      <svg aria-hidden="true" viewBox={`0 0 ${width} ${HEIGHT}`} className="block w-full text-[11px]">
        {ticksBetween(low, high).map((ms) => (
          <g key={ms}>
            <line x1={FRAME.left} x2={width - FRAME.right} y1={y(ms)} y2={y(ms)} stroke="var(--chart-grid)" />
            <text x={FRAME.left - 8} y={y(ms) + 4} textAnchor="end" fill="var(--chart-text)">
              {+ms.toPrecision(2)}
            </text>
          </g>
        ))}
        {SHARES.filter((share) => 1 / (1 - share) <= most * 1.001).map((share) => (
          <text key={share} x={x(share)} y={HEIGHT - 6} textAnchor="middle" fill="var(--chart-text)">
            {share === 0 ? 'fastest' : `${+(share * 100).toFixed(3)} %`}
          </text>
        ))}
        {curves.map(({ points, color, dashed }) => (
          <polyline
            key={color}
            points={points
              .filter(({ ms }) => ms > 0)
              .map(({ share, ms }) => `${x(share)},${y(ms)}`)
              .join(' ')}
            fill="none"
            stroke={`var(${color})`}
            strokeWidth={2}
            strokeDasharray={dashed ? '5 4' : undefined}
          />
        ))}
      </svg>
    </div>
  );
}

function ticksBetween(low: number, high: number): number[] {
  return Array.from({ length: 10 }, (_, at) => 10 ** (at - 3))
    .flatMap((power) => [1, 2, 5].map((times) => times * power))
    .filter((ms) => ms >= low && ms <= high);
}
