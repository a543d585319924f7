import { hasEstimate, OUTCOME_WORDS, VERDICT_WORDS } from '@hive/contract';
import type { TrailStep } from '../live/state';
import { figure, interval, percent, say } from '../ui/format';

const WIDTH = 240;
const HEIGHT = 48;
const LEAST_STEPS = 2;

/**
 * How the interval closed in over the runs of a session: one bar for each, from its low to its high end, the estimate marked; and what
 * the newest of them taught.
 */
export function IntervalTrail({ trail }: { trail: readonly TrailStep[] }) {
  const steps = trail.flatMap(({ limit: { status, low, high, estimate, unit }, ...taught }) =>
    hasEstimate(status) && low !== null && high !== null && low > 0
      ? [{ low, high, range: say(interval(low, high, unit)), estimate: estimate ?? low, taught }]
      : [],
  );
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last || steps.length < LEAST_STEPS) return null;
  // Early intervals may reach very far: what lies beyond thrice the present one is cut off.
  const bottom = Math.max(Math.min(...steps.map(({ low }) => low)), last.low / 3);
  const top = Math.min(Math.max(...steps.map(({ high }) => high)), last.high * 3);
  const y = (value: number): number => {
    const share = Math.log(Math.min(Math.max(value, bottom), top) / bottom) / Math.log(top / bottom);
    return HEIGHT * (1 - share);
  };
  const each = WIDTH / steps.length;
  const bar = Math.min(8, each * 0.6);
  const label = `The interval after each of ${steps.length} runs: from ${first.range} to ${last.range}`;
  return (
    <>
      <svg
        data-testid="interval-trail"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="mt-2 h-12 w-full"
      >
        <title>{label}</title>
        {steps.map(({ low, high, range, estimate, taught }, i) => {
          const x = each * (i + 0.5) - bar / 2;
          return (
            <g key={i}>
              <title>{[range, ...saidOf(taught)].join(', ')}</title>
              <rect x={x} y={y(high)} width={bar} height={Math.max(1, y(low) - y(high))} className="fill-honey/50" />
              <rect x={x} y={y(estimate) - 0.75} width={bar} height={1.5} className="fill-ink" />
            </g>
          );
        })}
      </svg>
      {last.taught.lesson === null ? null : (
        <p className="mt-1 text-xs text-ink-soft">Last run: {saidOf(last.taught).join(', ')}</p>
      )}
    </>
  );
}

/** What one run taught, in words. */
function saidOf({ lesson, outcome }: Pick<TrailStep, 'lesson' | 'outcome'>): string[] {
  if (lesson === null) return [];
  const { verdict, predictedFailure, informationBits } = lesson;
  const predicted = predictedFailure === null ? [] : [`predicted chance of failure ${percent(predictedFailure)}`];
  const bits = informationBits === null ? [] : [`${figure(informationBits)} bits of information`];
  return [outcome === null ? VERDICT_WORDS[verdict] : OUTCOME_WORDS[outcome], ...predicted, ...bits];
}
