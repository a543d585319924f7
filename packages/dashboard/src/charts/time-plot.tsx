'use client';

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

export interface PlotSeries {
  label: string;
  /** Name of the CSS variable that holds its color. */
  color: string;
  dashed?: boolean;
  /** Fills the area below, lightly. */
  filled?: boolean;
}

export interface TimePlotProps {
  /** First the times, s; then one array for each series. */
  data: uPlot.AlignedData;
  series: readonly PlotSeries[];
  /** Shown part of the time axis, s. */
  range: readonly [number, number];
  /** Times at which a run began, s. */
  marks: readonly number[];
  heightPx: number;
  logarithmic: boolean;
  /** Plots with the same key share their cursor. */
  syncKey: string;
  /** Index of the point below the cursor, or null. */
  onHover: (index: number | null) => void;
}

/** A line chart over time on a canvas: uPlot, made anew only when its looks change. Give it the theme as its key: it reads colors once. */
export function TimePlot(props: TimePlotProps) {
  const { data, series, heightPx, logarithmic, syncKey } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    const made = new uPlot(
      options({ element, series, heightPx, logarithmic, syncKey, latest: () => latest.current }),
      latest.current.data,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [series, heightPx, logarithmic, syncKey]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);

  return <div ref={holder} aria-hidden="true" className="w-full overflow-hidden" style={{ height: heightPx }} />;
}

interface Looks extends Pick<TimePlotProps, 'series' | 'heightPx' | 'logarithmic' | 'syncKey'> {
  element: HTMLElement;
  latest: () => TimePlotProps;
}

function options({ element, series, heightPx, logarithmic, syncKey, latest }: Looks): uPlot.Options {
  const css = getComputedStyle(element);
  const color = (name: string): string => css.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: color('--chart-text'),
    font: `11px ${css.fontFamily}`,
    grid: { stroke: color('--chart-grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: heightPx,
    legend: { show: false },
    padding: [8, 26, 0, 0],
    cursor: { sync: { key: syncKey }, y: false, points: { size: 7 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: () => [...latest().range] as uPlot.Range.MinMax },
      y: logarithmic ? { distr: 3 } : { range: (_plot, _min, max) => [0, Math.max(max, 1) * 1.12] },
    },
    axes: [
      { ...axis, space: 90, size: 26, values: (_plot, splits) => splits.map(clockTime) },
      { ...axis, size: 46, space: 34, values: (_plot, splits) => splits.map(tick) },
    ],
    series: [
      {},
      ...series.map(({ label, color: name, dashed, filled }) => ({
        label,
        stroke: color(name),
        width: 1.75,
        spanGaps: false,
        points: { show: false },
        ...(dashed ? { dash: [5, 4] } : {}),
        ...(filled ? { fill: `color-mix(in srgb, ${color(name)} 12%, transparent)` } : {}),
      })),
    ],
    hooks: {
      drawAxes: [(plot) => drawMarks(plot, latest().marks, color('--line-strong'))],
      setCursor: [
        (plot) =>
          latest().onHover(plot.cursor.left === undefined || plot.cursor.left < 0 ? null : (plot.cursor.idx ?? null)),
      ],
    },
  };
}

function drawMarks(plot: uPlot, marks: readonly number[], color: string): void {
  const { ctx, bbox } = plot;
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  ctx.save();
  ctx.strokeStyle = color;
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  for (const mark of marks) {
    if (mark < (min ?? 0) || mark > (max ?? 0)) continue;
    const x = Math.round(plot.valToPos(mark, 'x', true));
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

function clockTime(seconds: number): string {
  return new Date(seconds * 1_000).toTimeString().slice(0, 8);
}

/** Null is a line of a logarithmic axis that has no number. */
function tick(value: number | null): string {
  if (value === null) return '';
  if (value >= 10_000) return `${+(value / 1_000).toFixed(1)}k`;
  return String(+value.toPrecision(3));
}
