'use client';

import { useTheme } from 'next-themes';
import { useMemo, useState } from 'react';
import type { AlignedData } from 'uplot';
import type { ChartPoint } from '../live/chart-points';
import { Card, Skeleton } from '../ui/card';
import { figure } from '../ui/format';
import { useInBrowser } from '../ui/use-in-browser';
import { column, LATENCY_SERIES, layOut, RATE_SERIES, type ChartRows, type ChartSeries } from '../charts/series';
import { TimePlot } from '../charts/time-plot';

const LATENCY_HEIGHT_PX = 230;
const RATE_HEIGHT_PX = 170;

/** Response times and throughput of the last 90 seconds of load, as they come. */
export function MetricsChart({ points }: { points: readonly ChartPoint[] }) {
  const [logarithmic, setLogarithmic] = useState(true);
  const [hovered, setHovered] = useState<number | null>(null);
  const chart = useMemo(() => layOut(points), [points]);
  const shown = (hovered === null ? null : chart.rows[hovered]) ?? points.at(-1);
  return (
    <Card
      label="Metrics chart"
      title="Response time and throughput"
      aside={
        <label className="flex items-center gap-2 text-xs text-ink-soft">
          <input
            type="checkbox"
            checked={logarithmic}
            onChange={(event) => setLogarithmic(event.target.checked)}
            className="size-3.5 accent-honey"
          />
          logarithmic
        </label>
      }
    >
      <div className="relative grid gap-1">
        <Legend title="Response time" unit="ms" series={LATENCY_SERIES} shown={shown} />
        <Plot
          chart={chart}
          series={LATENCY_SERIES}
          heightPx={LATENCY_HEIGHT_PX}
          logarithmic={logarithmic}
          onHover={setHovered}
        />
        <Legend title="Rate" unit="requests/s" series={RATE_SERIES} shown={shown} />
        <Plot chart={chart} series={RATE_SERIES} heightPx={RATE_HEIGHT_PX} logarithmic={false} onHover={setHovered} />
        {points.length === 0 ? (
          <p className="absolute inset-0 grid place-items-center rounded-lg border border-dashed border-line bg-surface p-6 text-center text-sm text-ink-soft">
            Nothing measured yet: choose a target and press Find limit.
          </p>
        ) : null}
      </div>
    </Card>
  );
}

interface PlotProps {
  chart: ChartRows;
  series: readonly ChartSeries[];
  heightPx: number;
  logarithmic: boolean;
  onHover: (index: number | null) => void;
}

function Plot({ chart, series, heightPx, logarithmic, onHover }: PlotProps) {
  const { resolvedTheme } = useTheme();
  const inBrowser = useInBrowser();
  const data = useMemo(
    () => [chart.times, ...series.map(({ field }) => column(chart, field))] as AlignedData,
    [chart, series],
  );
  if (!inBrowser) {
    return (
      <div style={{ height: heightPx }}>
        <Skeleton className="h-full" />
      </div>
    );
  }
  return (
    <TimePlot
      key={resolvedTheme}
      data={data}
      series={series}
      range={chart.range}
      marks={chart.marks}
      heightPx={heightPx}
      logarithmic={logarithmic}
      syncKey="metrics"
      onHover={onHover}
    />
  );
}

interface LegendProps {
  title: string;
  unit: string;
  series: readonly ChartSeries[];
  shown: ChartPoint | undefined;
}

/** Names the lines, with their values at the cursor or now. */
function Legend({ title, unit, series, shown }: LegendProps) {
  return (
    <dl className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-xs">
      <dt className="text-ink-soft">
        {title} <span aria-hidden="true">({unit})</span>
      </dt>
      {series.map(({ field, label, color }) => (
        <div key={field} className="flex items-center gap-1.5">
          <dt className="flex items-center gap-1.5 text-ink-soft">
            <span aria-hidden="true" className="h-0.5 w-3 rounded-full" style={{ background: `var(${color})` }} />
            {label}
          </dt>
          <dd className="min-w-10 font-medium">{figure(shown?.[field])}</dd>
        </div>
      ))}
    </dl>
  );
}
