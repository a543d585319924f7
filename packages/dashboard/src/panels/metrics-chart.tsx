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

export interface MetricsChartProps {
  points: readonly ChartPoint[];
  /** The last 90 seconds of load, as they come; or all of it, in which dragging zooms and a double click shows all again. */
  show?: 'newest' | 'all';
  /** The response time that the strictest objective allows, ms. */
  objectiveMs?: number | null;
}

/** Response times and throughput. */
export function MetricsChart({ points, show = 'newest', objectiveMs = null }: MetricsChartProps) {
  const [logarithmic, setLogarithmic] = useState(true);
  const [hovered, setHovered] = useState<number | null>(null);
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const laidOut = useMemo(() => layOut(points, show), [points, show]);
  const chart = zoom === null ? laidOut : { ...laidOut, range: zoom };
  const zooming = show === 'all' ? { onZoom: setZoom } : {};
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
          bound={objectiveMs}
          {...zooming}
        />
        <Legend title="Rate" unit="requests/s" series={RATE_SERIES} shown={shown} />
        <Plot
          chart={chart}
          series={RATE_SERIES}
          heightPx={RATE_HEIGHT_PX}
          logarithmic={false}
          onHover={setHovered}
          {...zooming}
        />
        <p className="text-xs text-ink-soft">
          {objectiveMs === null ? '' : `Dashed red: the objective, ${figure(objectiveMs)} ms. `}
          {zoom === null ? null : (
            <button type="button" className="rounded underline underline-offset-4" onClick={() => setZoom(null)}>
              Show all again
            </button>
          )}
        </p>
        <p className="sr-only">{sayPoints(points)}</p>
        {points.length === 0 ? (
          <p className="absolute inset-0 grid place-items-center rounded-lg border border-dashed border-line bg-surface p-6 text-center text-sm text-ink-soft">
            Nothing measured yet: choose a target and press Find limit.
          </p>
        ) : null}
      </div>
    </Card>
  );
}

/** What the lines show, in words. */
function sayPoints(points: readonly ChartPoint[]): string {
  return [...LATENCY_SERIES, ...RATE_SERIES]
    .flatMap(({ field, label }) => {
      const values = points.flatMap((point) => point[field] ?? []);
      return values.length === 0
        ? []
        : [`${label} from ${figure(Math.min(...values))} to ${figure(Math.max(...values))}`];
    })
    .join(', ');
}

interface PlotProps {
  chart: ChartRows;
  series: readonly ChartSeries[];
  heightPx: number;
  logarithmic: boolean;
  onHover: (index: number | null) => void;
  bound?: number | null;
  onZoom?: (range: [number, number] | null) => void;
}

function Plot({ chart, series, heightPx, logarithmic, ...more }: PlotProps) {
  const { resolvedTheme } = useTheme();
  const inBrowser = useInBrowser();
  const { times, rows } = chart;
  const data = useMemo(
    () => [times, ...series.map(({ field }) => column(rows, field))] as AlignedData,
    [times, rows, series],
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
      {...more}
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
    <div className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-xs">
      <p className="text-ink-soft">
        {title} <span aria-hidden="true">({unit})</span>
      </p>
      <dl className="contents">
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
    </div>
  );
}
