import { amount, kindLabel, OUTCOME_WORDS, type Outcome } from '@hive/contract';
import type { ReportRun } from '../report-schema.js';
import type { Cell, Tone } from './document.js';

/** `2026-11-28 23:19 UTC`; what is no time stays as it is. */
export function instant(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? `${iso.slice(0, 16).replace('T', ' ')} UTC` : iso;
}

const TONES: Readonly<Partial<Record<Outcome, Tone>>> = {
  passed: 'good',
  failed: 'bad',
  undecided: 'warn',
  not_usable: 'warn',
  aborted: 'warn',
};

/** What came of a run or a clause, in its color. */
export function outcomeCell(outcome: Outcome): Cell {
  return { text: OUTCOME_WORDS[outcome], tone: TONES[outcome] ?? 'plain' };
}

/** The load of a run: `412 requests/s`, `soak 358 requests/s`, or `ramp`. */
export function loadText({ plan, intensity, unit }: Pick<ReportRun, 'plan' | 'intensity' | 'unit'>): string {
  if (plan.chirp !== undefined) return 'ramp';
  return `${plan.hold === true ? 'soak ' : ''}${amount(intensity, unit)}`;
}

/** A run by its kind and its load. */
export function runText(run: ReportRun): string {
  return `${kindLabel(run.kind)}, ${loadText(run)}`;
}

/** The share of requests of a run that were no success, 0–1; null where nothing was planned. */
export function errorShare({ result: { measurement } }: ReportRun): number | null {
  if (measurement === null || measurement.counts.planned === 0) return null;
  const { planned, good, droppedGenerator } = measurement.counts;
  const asked = planned - droppedGenerator;
  return asked <= 0 ? null : Math.max(0, asked - good) / asked;
}
