import { amount, hasEstimate, kindLabel, type Trail } from '@hive/contract';

import type { Chart, Mark, Point } from './chart.js';
import { CHART_WIDTH, plot } from './plot.js';
import type { Scale } from './scale.js';

const LEAST_STEPS = 3;

/** How the interval of one kind closed in over the runs of the session; null with fewer than three intervals. */
export function intervalTrail({ kind, unit, steps }: Trail): Chart | null {
  const known = steps.flatMap(({ status, low, high, estimate, scenarios }) =>
    hasEstimate(status) && low !== null && high !== null && low > 0
      ? [{ low, high, estimate: estimate ?? low, runs: scenarios }]
      : [],
  );
  const last = known.at(-1);
  if (last === undefined || known.length < LEAST_STEPS) return null;
  // Early intervals may reach very far: what lies beyond thrice the last one is cut off.
  const from = Math.max(Math.min(...known.map(({ low }) => low)), last.low / 3) / 1.05;
  const to = Math.min(Math.max(...known.map(({ high }) => high)), last.high * 3) * 1.05;
  const say = (value: number): string => amount(value, unit).replace(` ${unit}`, '');
  const y: Scale = { from, to, log: true, title: unit, say };
  const x: Scale = { from: 0.4, to: last.runs + 0.6, log: false, title: 'runs' };
  const on = plot(x, y, { height: 190 });
  const bars = known.map(({ low, high, runs }): Mark => {
    const ends: Point[] = [
      [runs, low],
      [runs, high],
    ];
    return on.line(ends, 'interval', { width: 5 });
  });
  return {
    title: `${kindLabel(kind)}: how the interval closed in`,
    caption: 'The interval of the limit after each run, from the runs of this session alone; the dot is the estimate.',
    width: CHART_WIDTH,
    height: on.height,
    marks: [...on.frame, ...bars, ...known.map(({ estimate, runs }) => on.dot(runs, estimate, { ink: 'limit' }))],
    legend: [
      { ink: 'interval', text: 'interval' },
      { ink: 'limit', text: 'estimate', dot: true },
    ],
  };
}
