'use client';

import { KIND_UNITS, type Kind, type Prediction } from '@hive/contract';
import { useId } from 'react';
import { figure, interval, percent, quantity, say } from '../../ui/format';
import { loadAt, placeOf, PLACES, type Range } from './described-run';

interface LoadFieldProps {
  kind: Kind;
  load: number;
  range: Range;
  prediction: Prediction | undefined;
  onLoad: (load: number) => void;
}

/** How much load: a number, a slider, and how the chance to pass falls along it. */
export function LoadField({ kind, load, range, prediction, onLoad }: LoadFieldProps) {
  const ids = { number: useId(), slider: useId() };
  const unit = KIND_UNITS[kind];
  const shown = unit === 'share' ? 100 : 1;
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={ids.number} className="sr-only">
          Load
        </label>
        <input
          id={ids.number}
          type="number"
          min={0}
          step="any"
          value={Number((load * shown).toPrecision(12))}
          onChange={(event) => {
            const next = Number(event.target.value) / shown;
            if (next > 0) onLoad(next);
          }}
          className="h-9 w-32 rounded-lg border border-line-strong/60 bg-surface px-3 text-right text-sm font-medium"
        />
        <span className="text-sm text-ink-soft">{unit === 'share' ? '%' : unit}</span>
        <span className="ml-auto text-xs text-ink-soft">{say(interval(range.least, range.most, unit))}</span>
      </div>
      <Chances prediction={prediction} range={range} load={load} />
      <label htmlFor={ids.slider} className="sr-only">
        Load, as a slider
      </label>
      <input
        id={ids.slider}
        type="range"
        min={0}
        max={PLACES}
        step={1}
        value={Math.round(placeOf(range, load))}
        aria-valuetext={say(quantity(load, unit))}
        onChange={(event) => onLoad(loadAt(range, Number(event.target.value)))}
        className="mt-1 block w-full accent-honey"
      />
    </div>
  );
}

const HEIGHT = 40;

/** The chance to pass as an area above the slider, each place of it above its own. */
function Chances({ prediction, range, load }: Pick<LoadFieldProps, 'prediction' | 'range' | 'load'>) {
  const { chances = [], unit } = prediction ?? {};
  if (range.logarithmic || chances.length < 2 || unit === undefined) return null;
  const x = (intensity: number): number => (100 * placeOf(range, intensity)) / PLACES;
  const y = (pass: number): number => HEIGHT * (1 - pass);
  const line = chances.map(({ intensity, pass }) => `${x(intensity)},${y(pass)}`);
  const first = chances[0]?.pass ?? 1;
  const at = x(load);
  return (
    // The middle of the thumb is half its width from the slider's ends.
    <div className="mx-2 mt-3">
      <p className="flex justify-between text-xs text-ink-soft">
        <span>chance to pass</span>
        <span>100 %</span>
      </p>
      <svg
        data-testid="chances"
        viewBox={`0 0 100 ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-12 w-full border-y border-line"
      >
        <title>{sayChances(chances, unit)}</title>
        <polygon
          points={[`0,${HEIGHT}`, `0,${y(first)}`, ...line, `100,${HEIGHT}`].join(' ')}
          className="fill-good/25"
        />
        <polyline
          points={[`0,${y(first)}`, ...line].join(' ')}
          fill="none"
          stroke="var(--good)"
          strokeWidth="1.75"
          vectorEffect="non-scaling-stroke"
        />
        <line
          x1={at}
          x2={at}
          y1="0"
          y2={HEIGHT}
          stroke="var(--ink)"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </div>
  );
}

/** Where the chance is high, even, and low. */
function sayChances(chances: NonNullable<Prediction['chances']>, unit: string): string {
  const falls = [0.95, 0.5, 0.05].flatMap((least) => {
    const found = chances.find(({ pass }) => pass <= least);
    return found === undefined ? [] : [`${percent(least)} at ${say(quantity(found.intensity, unit))}`];
  });
  const [first] = chances;
  return `Chance to pass: ${[`${percent(first?.pass)} at ${figure(first?.intensity)}`, ...falls].join(', ')}`;
}
