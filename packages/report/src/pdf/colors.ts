import type { Ink } from '../charts/chart.js';
import type { Tone } from '../document/document.js';

export const COLORS = { ink: '#1b1917', soft: '#5c564d', line: '#d9d5cc' } as const;

export const TONE_COLORS: Readonly<Record<Tone, string>> = {
  good: '#166b3a',
  bad: '#b42318',
  warn: '#8a5a00',
  plain: COLORS.ink,
};

/** Those of the light theme of the web page. */
export const INK_COLORS: Readonly<Record<Ink, string>> = {
  text: COLORS.soft,
  muted: COLORS.soft,
  grid: '#ece9e3',
  axis: COLORS.line,
  p50: '#0f8a7e',
  p95: '#c77700',
  p99: '#c4314b',
  rate: '#1d6fc2',
  sent: '#8b8579',
  limit: COLORS.ink,
  interval: '#f5a524',
  safe: '#166b3a',
  passed: '#166b3a',
  failed: '#b42318',
  undecided: '#8a5a00',
};
