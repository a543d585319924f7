'use client';

import { BASE_KIND, type RouteOutput } from '@hive/contract';
import { RateAxes, ratePlane } from '../../charts/rate-plane';
import { Card } from '../../ui/card';
import { figure, interval, say } from '../../ui/format';
import { useWidth } from '../../ui/use-width';

type Session = RouteOutput<'getSession'>;

/** As wide as the page has room, from when that is known, px. */
const USUAL_WIDTH = 720;
const HEIGHT = 240;
/** Runs up to this multiple of the higher limit are drawn: a first look goes far beyond. */
const FARTHEST = 1.8;

interface Side {
  name: string;
  color: string;
  dash: string | undefined;
  points: { rate: number; p99Ms: number }[];
  limit: { low: number; high: number } | null;
}

/** p99 against the request rate of both sessions, in one picture, with where each found its limit. */
export function BothCurves({ base, candidate }: { base: Session; candidate: Session }) {
  const [holder, width] = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const sides = [
    sideOf('base', base, { color: 'var(--chart-p50)', dash: '5 4' }),
    sideOf('candidate', candidate, { color: 'var(--chart-p99)', dash: undefined }),
  ];
  const ends = sides.flatMap(({ limit }) => (limit === null ? [] : [limit.high]));
  const farthest = ends.length === 0 ? Infinity : FARTHEST * Math.max(...ends);
  const points = sides.flatMap((side) => side.points).filter(({ rate }) => rate <= farthest);
  if (points.length < 2) return null;
  const most = Math.max(...points.map(({ rate }) => rate), ...ends) * 1.04;
  const [low, high] = [
    Math.min(...points.map(({ p99Ms }) => p99Ms)) * 0.7,
    Math.max(...points.map(({ p99Ms }) => p99Ms)) * 1.3,
  ];
  const plane = ratePlane({ width, height: HEIGHT }, { most, low, high });
  const { top, bottom, x, y } = plane;
  const told = sides.map(saySide).join('; ');
  return (
    <Card label="Both curves" title="p99 response time against request rate">
      <div ref={holder} className="min-w-0">
        <svg width="100%" height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} className="block text-[11px]">
          <title>{told}</title>
          <RateAxes plane={plane} />
          {sides.map(({ name, color, dash, limit, points: own }) => (
            <g key={name}>
              {limit === null ? null : (
                <rect
                  x={x(limit.low)}
                  width={Math.max(1, x(limit.high) - x(limit.low))}
                  y={top}
                  height={bottom - top}
                  fill={color}
                  opacity="0.14"
                />
              )}
              <polyline
                points={own
                  .filter(({ rate }) => rate <= farthest)
                  .map(({ rate, p99Ms }) => `${x(rate)},${y(p99Ms)}`)
                  .join(' ')}
                fill="none"
                stroke={color}
                strokeWidth="1.5"
                strokeDasharray={dash}
              />
              {own
                .filter(({ rate }) => rate <= farthest)
                .map(({ rate, p99Ms }) => (
                  <circle
                    key={`${rate} ${p99Ms}`}
                    cx={x(rate)}
                    cy={y(p99Ms)}
                    r="3"
                    fill="var(--surface)"
                    stroke={color}
                  >
                    <title>{`${name}, ${figure(rate)} requests/s: p99 ${figure(p99Ms)} ms`}</title>
                  </circle>
                ))}
            </g>
          ))}
        </svg>
      </div>
      <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-ink-soft">
        {sides.map(({ name, color, dash }) => (
          <span key={name} className="flex items-center gap-1.5">
            <svg viewBox="0 0 24 4" className="w-6" aria-hidden="true">
              <line x1="0" x2="24" y1="2" y2="2" stroke={color} strokeWidth="2" strokeDasharray={dash} />
            </svg>
            {name}
          </span>
        ))}
        <span>columns: where each limit lies</span>
      </p>
    </Card>
  );
}

function sideOf(name: string, session: Session, looks: Pick<Side, 'color' | 'dash'>): Side {
  const points = session.scenarios.flatMap(({ scenario_type: kind, outcome, results, intensity }) => {
    const p99Ms = results?.measurement?.responseTimeMs.p99 ?? 0;
    const counts = kind === BASE_KIND && outcome !== 'ramp' && outcome !== 'not_usable' && p99Ms > 0;
    return counts ? [{ rate: intensity, p99Ms }] : [];
  });
  const found = session.limits.find(({ kind }) => kind === BASE_KIND);
  const { low, high } = found?.own ?? found ?? { low: null, high: null };
  return {
    name,
    ...looks,
    points: points.toSorted((one, other) => one.rate - other.rate),
    limit: low === null || high === null ? null : { low, high },
  };
}

function saySide({ name, points, limit }: Side): string {
  const [first, last] = [points[0], points.at(-1)];
  const ends =
    first === undefined || last === undefined
      ? 'no usable run'
      : `p99 ${figure(first.p99Ms)} ms at ${figure(first.rate)} requests/s and ${figure(last.p99Ms)} ms at ${figure(last.rate)}`;
  return `${name}: ${ends}${limit === null ? '' : `, limit ${say(interval(limit.low, limit.high, 'requests/s'))}`}`;
}
