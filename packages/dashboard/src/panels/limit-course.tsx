'use client';

import { hasEstimate, KIND_LABELS, type Trail } from '@hive/contract';
import { Card } from '../ui/card';
import { figure, interval, percent, plural, say } from '../ui/format';
import { useWidth } from '../ui/use-width';

/** As wide as the page has room, from when that is known, px. */
const USUAL_WIDTH = 720;
const HEIGHT = 170;
const LEFT = 52;
const BOTTOM = 22;
const TOP = 10;
const LEAST_STEPS = 2;
/** Early intervals may reach very far: what lies beyond thrice the last one is cut off. */
const FARTHEST = 3;

interface Step {
  low: number;
  high: number;
  estimate: number;
  runs: number;
}

/** How the interval of each kind closed in on its goal, run by run. */
export function LimitCourse({ trails, precision }: { trails: readonly Trail[]; precision: number | null }) {
  const shown = trails.flatMap(({ kind, unit, steps }) => {
    const usable = steps.flatMap(stepOf);
    return usable.length < LEAST_STEPS ? [] : [{ kind, unit, steps: usable }];
  });
  if (shown.length === 0) return null;
  return (
    <Card label="How the limit closed in">
      <div className="grid gap-4">
        {shown.map((trail) => (
          <Course key={trail.kind} {...trail} precision={precision} named={shown.length > 1} />
        ))}
      </div>
    </Card>
  );
}

function stepOf({ status, low, high, estimate, scenarios: runs }: Trail['steps'][number]): Step[] {
  if (!hasEstimate(status) || low === null || high === null || low <= 0) return [];
  return [{ low, high, estimate: estimate ?? low, runs }];
}

interface CourseProps extends Pick<Trail, 'kind' | 'unit'> {
  steps: readonly Step[];
  precision: number | null;
  named: boolean;
}

function Course({ kind, unit, steps, precision, named }: CourseProps) {
  const [holder, width] = useWidth<HTMLDivElement>(USUAL_WIDTH);
  const last = steps.at(-1)!;
  const bottom = Math.max(Math.min(...steps.map(({ low }) => low)), last.low / FARTHEST) * 0.97;
  const top = Math.min(Math.max(...steps.map(({ high }) => high)), last.high * FARTHEST) * 1.03;
  const y = (value: number): number => {
    const share = Math.log(Math.min(Math.max(value, bottom), top) / bottom) / Math.log(top / bottom);
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  };
  const each = (width - LEFT) / steps.length;
  const bar = Math.min(14, each * 0.6);
  const x = (index: number): number => LEFT + each * (index + 0.5);
  const spread = (last.high - last.low) / 2 / last.estimate;
  const goal = precision === null ? '' : `; wanted are ±${percent(precision)}`;
  const told = `After ${plural(last.runs, 'run')} of this session: ${say(interval(last.low, last.high, unit))}, that is ±${percent(spread)}${goal}.`;
  const ticks = [bottom / 0.97, last.estimate, top / 1.03].filter(
    (value, index, all) => index === 1 || Math.abs(y(value) - y(all[1]!)) > 14,
  );
  return (
    <figure>
      <figcaption className="text-sm text-pretty text-ink-soft">
        {named ? `${KIND_LABELS[kind].label}. ` : ''}
        {told}
      </figcaption>
      <div ref={holder} className="min-w-0 mt-1">
        <svg
          width="100%"
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          className="block text-[11px]"
          data-testid="limit-course"
        >
          <title>{told}</title>
          {precision === null ? null : (
            <rect
              x={LEFT}
              width={width - LEFT}
              y={y(last.estimate * (1 + precision))}
              height={y(last.estimate * (1 - precision)) - y(last.estimate * (1 + precision))}
              className="fill-good/10"
            />
          )}
          {ticks.map((value) => (
            <g key={value}>
              <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} stroke="var(--chart-grid)" />
              <text x={LEFT - 6} y={y(value) + 4} textAnchor="end" fill="var(--chart-text)">
                {figure(value)}
              </text>
            </g>
          ))}
          {steps.map(({ low, high, estimate, runs }, index) => (
            <g key={runs}>
              <title>{`after ${plural(runs, 'run')}: ${say(interval(low, high, unit))}`}</title>
              <rect
                x={x(index) - bar / 2}
                width={bar}
                y={y(high)}
                height={Math.max(1, y(low) - y(high))}
                className="fill-honey/50"
              />
              <rect x={x(index) - bar / 2} width={bar} y={y(estimate) - 1} height={2} className="fill-ink" />
              {index === 0 || index === steps.length - 1 ? (
                <text x={x(index)} y={HEIGHT - 6} textAnchor="middle" fill="var(--chart-text)">
                  {runs}
                </text>
              ) : null}
            </g>
          ))}
        </svg>
      </div>
      <p className="text-xs text-ink-soft">
        One bar a run: yellow is where the limit may lie, the line across it the estimate
        {precision === null ? '' : ', green the wanted precision'}.
      </p>
    </figure>
  );
}
