const WIDTH = 96;
const HEIGHT = 24;

/** A row of values as a line, from zero, with what it says in words; nothing for less than two. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  if (values.length < 2) return <span className="text-ink-soft">–</span>;
  const top = Math.max(...values) * 1.1 || 1;
  const points = values.map(
    (value, index) => [(index / (values.length - 1)) * (WIDTH - 6) + 3, HEIGHT * (1 - value / top)] as const,
  );
  const last = points.at(-1) ?? [0, 0];
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-6 w-24">
      <title>{label}</title>
      <polyline
        points={points.map((point) => point.join(',')).join(' ')}
        fill="none"
        stroke="var(--chart-throughput)"
        strokeWidth="1.5"
      />
      <circle cx={last[0]} cy={last[1]} r="2.5" fill="var(--chart-throughput)" />
    </svg>
  );
}
