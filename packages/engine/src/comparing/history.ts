import type { OwnLimit } from '@hive/contract';
import { medianOf } from '../median.js';
import { foundOf } from './own-limits.js';
import { studentBelow } from './student.js';
import {
  LEAST_SESSIONS_OF_SCATTER,
  LEAST_SESSIONS_OF_STEP,
  LEAST_STEP,
  MOST_SESSIONS_OF_HISTORY,
  RECENT_SESSIONS,
  SESSION_SCATTER,
  STEP_CHANCE,
  STRETCH_CHANCE,
} from './weights.js';

/** What one session found by itself, and when; oldest first in a history. */
export interface PastLimit {
  sessionId: string;
  /** ISO 8601. */
  at: string;
  own: OwnLimit;
}

/** A step in a history. It lies somewhere between two sessions: its date is a range. */
export interface Step {
  /** The last session before it, and the first after it. */
  before: { sessionId: string; at: string };
  after: { sessionId: string; at: string };
  /** Limit after it ÷ limit before it. */
  ratio: number;
}

interface Point {
  past: PastLimit;
  ln: number;
  se: number;
}

/**
 * The steps of a history: E-divisive means (Matteson & James 2014), with Student's t in place of permutations (Fleming et al. 2023); where no
 * single cut shows one, a stretch is cut out (Olshen et al. 2004), for a fall and a rise hide each other. A step that is
 * only in the newest scan is not told: it must have been there without the newest session too. Sessions that found no limit are left out.
 */
export function stepsOf(history: readonly PastLimit[]): Step[] {
  const points = pointsOf(history).slice(-MOST_SESSIONS_OF_HISTORY);
  const before = scan(points.slice(0, -1));
  return scan(points)
    .filter((at) => before.some((one) => Math.abs(one - at) <= 1))
    .map((at, index, all) => stepAt(points, { at, from: all[index - 1] ?? 0, to: all[index + 1] ?? points.length }));
}

/** ln scatter of a limit between sessions beyond what their intervals say, from the sessions since the last step. */
export function scatterOf(history: readonly PastLimit[]): number {
  const points = pointsOf(history).slice(-MOST_SESSIONS_OF_HISTORY);
  const since = points.slice(scan(points).at(-1) ?? 0);
  if (since.length < LEAST_SESSIONS_OF_SCATTER) return SESSION_SCATTER;
  const mean = since.reduce((sum, { ln }) => sum + ln, 0) / since.length;
  const spread = since.reduce((sum, { ln }) => sum + (ln - mean) ** 2, 0) / (since.length - 1);
  const own = since.reduce((sum, { se }) => sum + se ** 2, 0) / since.length;
  return Math.sqrt(Math.max(0, spread - own));
}

/** A drop since the last sessions. */
export interface Drop {
  /** Newest limit ÷ median of the sessions before the drop. */
  ratio: number;
  /** The session that saw it first. */
  since: { sessionId: string; at: string };
  /** Sessions in the median. */
  against: number;
}

/**
 * Since last night: the two newest sessions both found at least `tolerance` less than the median of the last ten before them. One alone may be chance.
 */
export function dropOf(history: readonly PastLimit[], tolerance: number): Drop | null {
  const points = pointsOf(history);
  const [first, second] = points.slice(-2);
  const earlier = points.slice(0, -2).slice(-RECENT_SESSIONS);
  if (first === undefined || second === undefined || earlier.length < LEAST_SESSIONS_OF_STEP) return null;
  const usual = medianOf(earlier.map(({ ln }) => ln));
  const bar = usual + Math.log(1 - tolerance);
  if (first.ln > bar || second.ln > bar) return null;
  const { sessionId, at } = first.past;
  return { ratio: Math.exp(second.ln - usual), since: { sessionId, at }, against: earlier.length };
}

function pointsOf(history: readonly PastLimit[]): Point[] {
  return history.flatMap((past) => {
    const found = foundOf(past.own);
    return found?.is === 'found' ? [{ past, ln: found.ln, se: found.se }] : [];
  });
}

/** Where the steps are: each is the index of the first point after one. */
function scan(points: readonly Point[], offset = 0): number[] {
  const [first, second] = strongest(points);
  if (first === undefined) return [];
  const cuts = [0, first, ...(second === undefined ? [] : [second]), points.length];
  return cuts.slice(1).flatMap((to, i) => {
    const from = cuts[i] as number;
    const own = to < points.length ? [offset + to] : [];
    return [...scan(points.slice(from, to), offset + from), ...own];
  });
}

interface Split {
  cuts: readonly number[];
  /** How far both sides lie apart, in standard errors. */
  t: number;
  /** Likewise, ln. */
  height: number;
}

/** The cut whose sides differ most, if chance alone would hardly make it and it is worth a mark; else a stretch that differs from what is about it. */
function strongest(points: readonly Point[]): readonly number[] {
  const last = points.length - LEAST_SESSIONS_OF_STEP;
  const single = range(LEAST_SESSIONS_OF_STEP, last).map((at) => [at]);
  const stretches = range(LEAST_SESSIONS_OF_STEP, last).flatMap((from) =>
    range(from + LEAST_SESSIONS_OF_STEP, last).map((to) => [from, to]),
  );
  return told(points, single, STEP_CHANCE) ?? told(points, stretches, STRETCH_CHANCE) ?? [];
}

function told(points: readonly Point[], cuts: readonly number[][], chance: number): readonly number[] | null {
  let best: Split | null = null;
  for (const at of cuts) {
    const split = compareSides(points, at);
    if (best === null || split.t > best.t) best = split;
  }
  if (best === null || best.height < Math.log1p(LEAST_STEP)) return null;
  return 2 * (1 - studentBelow(best.t, points.length - 2)) < chance ? best.cuts : null;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** How far what lies between two cuts, or after one, is from the rest, in standard errors that allow for the correlation of neighbors. */
function compareSides(points: readonly Point[], cuts: readonly number[]): Split {
  const [from, to = points.length] = cuts as [number, number?];
  const isInside = (index: number): boolean => index >= from && index < to;
  const inside = weighedMean(points.filter((_, index) => isInside(index)));
  const outside = weighedMean(points.filter((_, index) => !isInside(index)));
  const residuals = points.map(({ ln }, index) => ln - (isInside(index) ? inside : outside).mean);
  const squares = points.reduce((sum, point, i) => sum + weightOf(point) * (residuals[i] as number) ** 2, 0);
  const variance = (squares / (points.length - 2)) * (1 / inside.weight + 1 / outside.weight);
  const se = Math.sqrt(variance * inflation(residuals));
  const height = Math.abs(inside.mean - outside.mean);
  return { cuts, height, t: se === 0 ? (height === 0 ? 0 : Infinity) : height / se };
}

interface Weighed {
  mean: number;
  weight: number;
}

function weighedMean(points: readonly Point[]): Weighed {
  const weight = points.reduce((sum, point) => sum + weightOf(point), 0);
  return { mean: points.reduce((sum, point) => sum + weightOf(point) * point.ln, 0) / weight, weight };
}

function weightOf({ se }: Point): number {
  return 1 / (se ** 2 + SESSION_SCATTER ** 2);
}

/** How much the variance of a mean grows where neighbors resemble each other: (1 + ρ) ÷ (1 − ρ), ρ of lag 1 without its small-sample bias. */
function inflation(residuals: readonly number[]): number {
  const count = residuals.length;
  const squares = residuals.reduce((sum, one) => sum + one * one, 0);
  if (squares === 0) return 1;
  const products = residuals.slice(1).reduce((sum, one, i) => sum + one * (residuals[i] as number), 0);
  const correlation = Math.min(0.9, Math.max(0, products / squares + 2.5 / count));
  return (1 + correlation) / (1 - correlation);
}

function stepAt(points: readonly Point[], { at, from, to }: { at: number; from: number; to: number }): Step {
  const place = ({ past: { sessionId, at: time } }: Point) => ({ sessionId, at: time });
  const height = weighedMean(points.slice(at, to)).mean - weighedMean(points.slice(from, at)).mean;
  return { before: place(points[at - 1] as Point), after: place(points[at] as Point), ratio: Math.exp(height) };
}
