import { figure } from '../ui/format';
import { roundMarks } from './round-marks';

/** Room for `10,000 ms`. */
const LEFT = 64;
const RIGHT = 12;
const TOP = 14;
const BOTTOM = 30;
const HALF_LABEL = 24;

/** Where response times against rates are drawn, in px: the rate along a line, the time on a logarithmic scale. */
export interface RatePlane {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Of a rate, 1/s; what is beyond the plane is at its edge. */
  x: (rate: number) => number;
  /** Of a time, ms; likewise. */
  y: (ms: number) => number;
  /** The highest rate. */
  most: number;
  /** Times that are marked. */
  marks: number[];
}

/** The plane of a picture of this size, px, from 0 to the rate `most` and from `low` to `high` ms. */
export function ratePlane(
  size: { width: number; height: number },
  { most, low, high }: { most: number; low: number; high: number },
): RatePlane {
  const right = size.width - RIGHT;
  const bottom = size.height - BOTTOM;
  const within = (ms: number): number => Math.min(Math.max(ms, low), high);
  return {
    left: LEFT,
    right,
    top: TOP,
    bottom,
    x: (rate) => LEFT + (Math.min(rate, most) / most) * (right - LEFT),
    y: (ms) => TOP + (1 - Math.log(within(ms) / low) / Math.log(high / low)) * (bottom - TOP),
    most,
    marks: logMarks(low, high),
  };
}

/** The marked times as lines, and rates below. */
export function RateAxes({ plane }: { plane: RatePlane }) {
  const { left, right, bottom, x, y, most, marks } = plane;
  const rates = roundMarks(most);
  return (
    <>
      {marks.map((ms) => (
        <g key={ms}>
          <line x1={left} x2={right} y1={y(ms)} y2={y(ms)} stroke="var(--chart-grid)" />
          <text x={left - 6} y={y(ms) + 4} textAnchor="end" fill="var(--chart-text)">
            {figure(ms)} ms
          </text>
        </g>
      ))}
      {rates.map((rate) => (
        <text
          key={rate}
          x={x(rate)}
          y={bottom + 20}
          textAnchor={x(rate) > right - HALF_LABEL ? 'end' : 'middle'}
          fill="var(--chart-text)"
        >
          {figure(rate)}
          {rate === rates.at(-1) ? '/s' : ''}
        </text>
      ))}
    </>
  );
}

/** 1, 2 and 5 of each power of ten. */
function logMarks(low: number, high: number): number[] {
  const powers = Math.ceil(Math.log10(high / low)) + 1;
  const first = Math.floor(Math.log10(low));
  return Array.from({ length: powers }, (_, index) => first + index)
    .flatMap((power) => [1, 2, 5].map((step) => Number((step * 10 ** power).toPrecision(1))))
    .filter((mark) => mark >= low && mark <= high);
}
