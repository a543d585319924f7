import type { Ink, Mark, Point } from './chart.js';
import { share, ticksOf, type Scale } from './scale.js';

export const CHART_WIDTH = 640;
const LEFT = 58;
const RIGHT = 14;
const BELOW = 34;
const ABOVE = 18;
/** Labels of a horizontal axis need that much room. */
const LEAST_APART = 42;

/** Axes on which values are placed. */
export interface Plot {
  height: number;
  /** Grid, axes and their labels; they go below everything else. */
  frame: Mark[];
  point(x: number, y: number): Point;
  line(points: readonly Point[], ink: Ink, more?: { width?: number; dashed?: boolean }): Mark;
  dot(x: number, y: number, look: { ink: Ink; hollow?: boolean }): Mark;
  /** A band over the whole height, from one value of x to another. */
  band(from: number, to: number, look: { ink: Ink; opacity: number }): Mark;
  across(y: number, ink: Ink): Mark;
  upright(x: number, ink: Ink): Mark;
  /** A text at the top of the plot, at x. */
  note(x: number, text: string, ink: Ink): Mark;
}

/** Lays out a plot of the whole width whose top is at `top`. */
export function plot(x: Scale, y: Scale, { top = 0, height = 220 }: { top?: number; height?: number }): Plot {
  const inner = { left: LEFT, right: CHART_WIDTH - RIGHT, top: top + ABOVE, bottom: top + height - BELOW };
  const px = (value: number): number => round(inner.left + share(x, value) * (inner.right - inner.left));
  const py = (value: number): number => round(inner.bottom - share(y, value) * (inner.bottom - inner.top));
  return {
    height,
    frame: [...verticalAxis(y, py, inner), ...horizontalAxis(x, px, inner)],
    point: (a, b) => [px(a), py(b)],
    line: (points, ink, { width = 1.5, dashed = false } = {}) => ({
      type: 'line',
      points: points.map(([a, b]) => [px(a), py(b)] as const),
      ink,
      width,
      ...(dashed ? { dashed } : {}),
    }),
    dot: (a, b, look) => ({ type: 'dot', x: px(a), y: py(b), ...look }),
    band: (from, to, look) => ({
      type: 'area',
      x: px(from),
      y: inner.top,
      width: Math.max(0, round(px(to) - px(from))),
      height: round(inner.bottom - inner.top),
      ...look,
    }),
    across: (value, ink) => ({
      type: 'line',
      points: [
        [inner.left, py(value)],
        [inner.right, py(value)],
      ],
      ink,
      width: 1,
      dashed: true,
    }),
    upright: (value, ink) => ({
      type: 'line',
      points: [
        [px(value), inner.top],
        [px(value), inner.bottom],
      ],
      ink,
      width: 1.5,
    }),
    note: (value, text, ink) => {
      const at = px(value);
      const anchor = at > CHART_WIDTH * 0.7 ? 'end' : at < CHART_WIDTH * 0.3 ? 'start' : 'middle';
      return { type: 'label', x: at, y: inner.top - 5, text, ink, anchor };
    },
  };
}

interface Inner {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function verticalAxis(scale: Scale, place: (value: number) => number, inner: Inner): Mark[] {
  const ticks = ticksOf(scale).flatMap(({ value, text }): Mark[] => {
    const y = place(value);
    const line: Point[] = [
      [inner.left, y],
      [inner.right, y],
    ];
    return [
      { type: 'line', points: line, ink: 'grid', width: 1 },
      { type: 'label', x: inner.left - 6, y: y + 3.5, text, ink: 'text', anchor: 'end' },
    ];
  });
  const title: Mark = { type: 'label', x: 2, y: inner.top - 7, text: scale.title, ink: 'text', anchor: 'start' };
  return [...ticks, title];
}

function horizontalAxis(scale: Scale, place: (value: number) => number, inner: Inner): Mark[] {
  const base: Point[] = [
    [inner.left, inner.bottom],
    [inner.right, inner.bottom],
  ];
  let last = -Infinity;
  const labels = ticksOf(scale).flatMap(({ value, text }): Mark[] => {
    const x = place(value);
    if (x - last < LEAST_APART) return [];
    last = x;
    return [{ type: 'label', x, y: inner.bottom + 14, text, ink: 'text', anchor: 'middle' }];
  });
  const title: Mark = {
    type: 'label',
    x: inner.right,
    y: inner.bottom + 28,
    text: scale.title,
    ink: 'text',
    anchor: 'end',
  };
  return [{ type: 'line', points: base, ink: 'axis', width: 1 }, ...labels, title];
}

/** A hundredth of a point is finer than any printer. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
