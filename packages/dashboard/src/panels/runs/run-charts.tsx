'use client';

import type { Heatmap, ScenarioDetail, Window } from '@hive/contract';
import { useTheme } from 'next-themes';
import { useMemo, useState, type ReactNode } from 'react';
import type { AlignedData } from 'uplot';
import { HeatMapPlot } from '../../charts/heat-map';
import { PercentilePlot } from '../../charts/percentile-plot';
import { TimePlot, type PlotSeries } from '../../charts/time-plot';
import { Card, Skeleton } from '../../ui/card';
import { figure, percent, quantity, say } from '../../ui/format';
import { useInBrowser } from '../../ui/use-in-browser';
import { useSharedTime, type SharedTime } from './use-shared-time';

interface RunChartsProps {
  run: ScenarioDetail;
  heatmap: Heatmap;
  objectiveMs: number | null;
}

interface Line extends PlotSeries {
  of: (window: Window) => number | null;
}

const answered = (window: Window, ms: number): number | null => (window.responseTimeMs.count > 0 ? ms : null);
const sending = (window: Window, rate: number): number | null => (window.phase === 'grace' ? null : rate);
const LATENCY: readonly Line[] = [
  { label: 'p50 response', color: '--chart-p50', of: (one) => answered(one, one.responseTimeMs.p50) },
  { label: 'p99 response', color: '--chart-p99', of: (one) => answered(one, one.responseTimeMs.p99) },
  { label: 'p99 service', color: '--chart-p95', dashed: true, of: (one) => answered(one, one.serviceTimeMs.p99) },
];
const RATES: readonly Line[] = [
  { label: 'sent', color: '--chart-offered', dashed: true, of: (one) => sending(one, one.offeredPerSecond) },
  {
    label: 'good answers',
    color: '--chart-throughput',
    filled: true,
    of: (one) => sending(one, one.throughputPerSecond),
  },
];

/** When the answers took how long; the percentiles of the judged part; what was sent and what was answered. */
export function RunCharts({ run, heatmap, objectiveMs }: RunChartsProps) {
  const time = useSharedTime(run.windows, heatmap);
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <HeatMapCard heatmap={heatmap} objectiveMs={objectiveMs} time={time} />
      <PercentileCard heatmap={heatmap} />
      {run.windows.length < 2 ? null : (
        <>
          <OverTime
            label="Response time over time"
            unit="ms"
            lines={LATENCY}
            windows={run.windows}
            time={time}
            boundMs={objectiveMs}
            logarithmic
          />
          <OverTime label="Sent and answered" unit="requests/s" lines={RATES} windows={run.windows} time={time} />
        </>
      )}
      {run.windowsNote === null ? null : <p className="text-xs text-ink-soft xl:col-span-2">{run.windowsNote}</p>}
    </div>
  );
}

function HeatMapCard({
  heatmap,
  objectiveMs,
  time,
}: Pick<RunChartsProps, 'heatmap' | 'objectiveMs'> & { time: SharedTime }) {
  const { resolvedTheme } = useTheme();
  const measured = heatmap.columns.flatMap(({ p99Ms }) => p99Ms ?? []);
  const worst = measured.length === 0 ? null : Math.max(...measured);
  const isDrawn = objectiveMs !== null && objectiveMs <= (heatmap.edgesMs.at(-1) ?? 0);
  const each = heatmap.windowSeconds === 1 ? 'second' : 'minute';
  return (
    <Card label="Heat map" title="Response times, ms">
      <InBrowser heightPx={240}>
        <HeatMapPlot key={resolvedTheme} map={heatmap} objectiveMs={objectiveMs} {...time.ofMap} />
      </InBrowser>
      <p className="mt-2 text-xs text-pretty text-ink-soft">
        Lighter: more answers took that long. Solid p50, dashed p99
        {isDrawn ? ', dotted the objective' : ''}.
        {worst === null ? '' : ` The highest p99 of a ${each} or more was ${say(quantity(worst, 'ms'))}.`}
      </p>
    </Card>
  );
}

function PercentileCard({ heatmap }: { heatmap: Heatmap }) {
  const { responseTimeMs, serviceTimeMs } = heatmap;
  if (responseTimeMs.length < 2) return null;
  const last = responseTimeMs.at(-1);
  const at = (share: number): string => {
    const point = responseTimeMs.find((one) => one.share >= share);
    return point === undefined ? '' : `${percent(share)} within ${say(quantity(point.ms, 'ms'))}`;
  };
  return (
    <Card label="Percentiles" title="Share of requests that were faster, ms">
      <PercentilePlot
        curves={[
          { points: serviceTimeMs, color: '--chart-p50', dashed: true },
          { points: responseTimeMs, color: '--chart-p99' },
        ]}
      />
      <p className="mt-2 text-xs text-pretty text-ink-soft">
        Solid: response time (from the planned send). Dashed: service time (from the actual send).{' '}
        {[at(0.5), at(0.9), at(0.99)].filter(Boolean).join(', ')}. The lines end at {percent(last?.share)}: fewer than
        ten requests were slower.
      </p>
    </Card>
  );
}

interface OverTimeProps {
  label: string;
  unit: string;
  lines: readonly Line[];
  windows: readonly Window[];
  time: SharedTime;
  boundMs?: number | null;
  logarithmic?: boolean;
}

/** One of the charts that share their cursor and the part of the time that they show. */
function OverTime({ label, unit, lines, windows, time, boundMs = null, logarithmic = false }: OverTimeProps) {
  const { resolvedTheme } = useTheme();
  const [hovered, setHovered] = useState<number | null>(null);
  const times = useMemo(() => windows.map(({ at }) => Date.parse(at) / 1_000), [windows]);
  const data = useMemo(
    () => [times, ...lines.map(({ of }) => windows.map(of))] as AlignedData,
    [times, lines, windows],
  );
  const marks = times.filter((_, index) => index > 0 && windows[index]?.phase !== windows[index - 1]?.phase);
  const shown = windows[hovered ?? windows.length - 1];
  return (
    <Card label={label} title={`${label}, ${unit}`}>
      <dl className="flex flex-wrap gap-x-4 gap-y-0.5 pb-1 text-xs">
        {lines.map(({ label: name, color, of }) => (
          <div key={name} className="flex items-center gap-1.5">
            <dt className="flex items-center gap-1.5 text-ink-soft">
              <span aria-hidden="true" className="h-0.5 w-3 rounded-full" style={{ background: `var(${color})` }} />
              {name}
            </dt>
            <dd className="min-w-10 font-medium">{shown === undefined ? '–' : figure(of(shown))}</dd>
          </div>
        ))}
      </dl>
      <InBrowser heightPx={200}>
        <TimePlot
          key={resolvedTheme}
          data={data}
          series={lines}
          {...time.ofLines}
          bound={boundMs}
          marks={marks}
          heightPx={200}
          logarithmic={logarithmic}
          syncKey="run"
          onHover={(index) => {
            setHovered(index);
            time.onLine(index === null ? null : (times[index] ?? null));
          }}
        />
      </InBrowser>
      <p className="sr-only">
        {lines
          .map(({ label: name, of }) => {
            const values = windows.flatMap((window) => of(window) ?? []);
            return values.length === 0
              ? ''
              : `${name} from ${figure(Math.min(...values))} to ${figure(Math.max(...values))} ${unit}`;
          })
          .filter(Boolean)
          .join('; ')}
      </p>
    </Card>
  );
}

function InBrowser({ heightPx, children }: { heightPx: number; children: ReactNode }) {
  if (useInBrowser()) return children;
  return (
    <div style={{ height: heightPx }}>
      <Skeleton className="h-full" />
    </div>
  );
}
