import { medianOf } from '../median.js';
import { inWords } from './moved-in-words.js';
import type { Moments, Moved } from './moved.js';
import type { WatchSample } from './sample.js';

/** Fewer looks at rest than this make no band. */
const LEAST_REST = 3;
/** A single look outside may be a slip. */
const LEAST_OUTSIDE = 2;
/** Looks after the failure that may still show what moved with it: a look comes each second only. */
const LOOKS_AFTER = 2;
/** Standard deviations of the rest on each side; more of them when few looks tell the deviation. */
const DEVIATIONS = 5;
const FEW = 5;
/** MAD × this estimates the standard deviation of a normal distribution (Hampel 1974). */
const MAD_TO_DEVIATION = 1.4826;
/** The band is at least this share of the median, and of the whole way the series went, on each side. */
const LEAST_SHARE = 0.05;
const LEAST_HALF: ReadonlyMap<string, number> = new Map([
  ['target_cpu', 0.05],
  ['target_memory', 1024 * 1024],
  ['target_threads', 2],
  ['target_open_files', 2],
]);

interface Point {
  atMs: number;
  value: number;
}

/**
 * Which series left their idle range for good, those that left first at the head, the stronger of those that left together before the
 * weaker. A hint and never a cause: load moves many series, and not each of them is in trouble. The band is median ± 5 robust standard
 * deviations of the rest, with floors. For good: outside on the same side at two looks at least, and up to the failure.
 */
export function whatMovedFirst(samples: readonly WatchSample[], moments: Moments): Moved[] {
  const ordered = samples.toSorted((a, b) => a.atMs - b.atMs);
  const names = new Set(ordered.flatMap(({ values }) => Object.keys(values)));
  return [...names]
    .flatMap((series) => moved(series, pointsOf(series, ordered), moments) ?? [])
    .sort((a, b) => a.leftAtMs - b.leftAtMs || b.strength - a.strength || (a.series < b.series ? -1 : 1));
}

function pointsOf(series: string, samples: readonly WatchSample[]): Point[] {
  return samples.flatMap(({ atMs, values }) => {
    const value = Object.hasOwn(values, series) ? values[series] : undefined;
    return value !== undefined && Number.isFinite(value) ? [{ atMs, value }] : [];
  });
}

function moved(series: string, points: readonly Point[], moments: Moments): Moved | null {
  const rest = points.filter(({ atMs }) => atMs <= moments.restUntilMs).map(({ value }) => value);
  const load = points.filter(({ atMs }) => atMs > moments.restUntilMs && atMs >= moments.loadFromMs);
  if (rest.length < LEAST_REST) return null;
  const band = restBand(series, rest, load);
  const outside = stretchOutside(load, band, moments.failedAtMs);
  if (outside === null) return null;
  const [first] = outside as [Point, ...Point[]];
  const to = outside.reduce((far, { value }) => (away(value, band) > away(far, band) ? value : far), first.value);
  const left = {
    series,
    leftAtMs: first.atMs,
    strength: away(to, band) / band.half,
    from: { low: band.low, high: band.high },
    to,
  };
  return { ...left, sentence: inWords(left, moments) };
}

interface Band {
  median: number;
  half: number;
  low: number;
  high: number;
}

function restBand(series: string, rest: readonly number[], load: readonly Point[]): Band {
  const median = medianOf(rest);
  const mad = MAD_TO_DEVIATION * medianOf(rest.map((value) => Math.abs(value - median)));
  // Of three or four looks two are close by chance: their MAD alone would be far too small.
  const deviation = rest.length < FEW ? Math.max(mad, swingOf(rest) / 2) : mad;
  const all = [...rest, ...load.map(({ value }) => value)];
  const half = Math.max(
    DEVIATIONS * (1 + FEW / rest.length) * deviation,
    LEAST_SHARE * Math.abs(median),
    LEAST_SHARE * swingOf(all),
    LEAST_HALF.get(series) ?? 0,
  );
  const low = median - half;
  // What is never negative has no band below zero.
  return { median, half, low: all.every((value) => value >= 0) ? Math.max(0, low) : low, high: median + half };
}

const swingOf = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));

const away = (value: number, { median }: Band): number => Math.abs(value - median);

const side = (value: number, { low, high }: Band): -1 | 0 | 1 => (value > high ? 1 : value < low ? -1 : 0);

/** The looks outside that last up to the failure, or begin with it; null when there are none. */
function stretchOutside(load: readonly Point[], band: Band, failedAtMs: number | null): readonly Point[] | null {
  const before = failedAtMs === null ? load.length : load.filter(({ atMs }) => atMs <= failedAtMs).length;
  return endingAt(load, before, band) ?? endingAt(load, Math.min(load.length, before + LOOKS_AFTER), band);
}

function endingAt(load: readonly Point[], end: number, band: Band): readonly Point[] | null {
  const last = load[end - 1];
  const lastSide = last === undefined ? 0 : side(last.value, band);
  if (lastSide === 0) return null;
  const same = ({ value }: Point): boolean => side(value, band) === lastSide;
  const begin = load.slice(0, end).findLastIndex((point) => !same(point)) + 1;
  if (end - begin < LEAST_OUTSIDE) return null;
  const back = load.findIndex((point, index) => index >= end && !same(point));
  return load.slice(begin, back === -1 ? load.length : back);
}
