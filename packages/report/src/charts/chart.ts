/** What a mark shows; each format has a color for it in each of its themes. */
export const INKS = [
  'text',
  'grid',
  'axis',
  'p50',
  'p95',
  'p99',
  'rate',
  'sent',
  'limit',
  'interval',
  'safe',
  'passed',
  'failed',
  'undecided',
  'muted',
] as const;
export type Ink = (typeof INKS)[number];
export type Point = readonly [x: number, y: number];

/** One thing that is drawn. Places and lengths are in points of the chart; y grows downwards. */
export type Mark =
  | { type: 'line'; points: readonly Point[]; ink: Ink; width: number; dashed?: boolean }
  | { type: 'area'; x: number; y: number; width: number; height: number; ink: Ink; opacity: number }
  | { type: 'dot'; x: number; y: number; ink: Ink; hollow?: boolean }
  | { type: 'label'; x: number; y: number; text: string; ink: Ink; anchor: 'start' | 'middle' | 'end' };

/** A drawing of figures, laid out once for every format that can draw. */
export interface Chart {
  title: string;
  /** What it shows, in words: the caption, and what a screen reader says. */
  caption: string;
  width: number;
  height: number;
  marks: readonly Mark[];
  legend: readonly { ink: Ink; text: string; dot?: boolean }[];
}

export const DOT_RADIUS = 3;
export const LABEL_SIZE = 10;
