const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Values as a row of bars, newest last: the smallest is the lowest bar, the greatest the highest. Null is a gap. At most `width` of the newest. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const shown = values.slice(-Math.max(1, width));
  const known = shown.filter((value) => value !== null);
  if (known.length === 0) return ' '.repeat(shown.length);
  const least = Math.min(...known);
  const span = Math.max(...known) - least;
  return shown
    .map((value) => {
      if (value === null) return ' ';
      return BARS[span === 0 ? 0 : Math.min(BARS.length - 1, Math.floor(((value - least) / span) * BARS.length))];
    })
    .join('');
}
