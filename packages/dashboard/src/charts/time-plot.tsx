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
  /** Where the cursor is put, s, or null for nowhere; absent: where the pointer is. */
  cursorAt?: number | null | undefined;
  /** A value that is drawn as a line across, such as what an objective allows. */
  bound?: number | null;
  /** A part of the time axis was chosen by dragging, s; null: all of it again, by a double click. */
  onZoom?: (range: [number, number] | null) => void;
}

/** Where uPlot has a cursor that is not shown. */
const NOWHERE = -10;

/** A line chart over time on a canvas: uPlot, made anew only when its looks change. Give it the theme as its key: it reads colors once. */
export function TimePlot(props: TimePlotProps) {
  const { data, series, heightPx, logarithmic, syncKey } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  const isSeen = useRef(true);
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
    const stopWatching = watchIfSeen(element, (now) => {
      isSeen.current = now;
      // In its range of now, too: uPlot asks for that with the data.
      if (now) made.setData(latest.current.data);
    });
    return () => {
      observer.disconnect();
      stopWatching();
      made.destroy();
      plot.current = null;
    };
  }, [series, heightPx, logarithmic, syncKey]);

  const [from, to] = props.range;
  useEffect(() => {
    // What nobody sees is not drawn.
    if (isSeen.current) plot.current?.setData(data);
  }, [data]);

  useEffect(() => {
    if (isSeen.current) plot.current?.setScale('x', { min: from, max: to });
  }, [from, to]);

  const { cursorAt } = props;
  useEffect(() => {
    const made = plot.current;
    if (made === null || cursorAt === undefined) return;
    const left = cursorAt === null ? NOWHERE : made.valToPos(cursorAt, 'x');
    made.setCursor({ left, top: left === NOWHERE ? NOWHERE : 1 });
  }, [cursorAt]);

  return <div ref={holder} aria-hidden="true" className="w-full overflow-hidden" style={{ height: heightPx }} />;
}

/** Tells whether an element is within the screen, or almost; the answer ends it. */
function watchIfSeen(element: Element, tell: (isSeen: boolean) => void): () => void {
  const observer = new IntersectionObserver((entries) => tell(entries.at(-1)?.isIntersecting === true), {
    rootMargin: '100px',
  });
  observer.observe(element);
  return () => observer.disconnect();
}

interface Looks extends Pick<TimePlotProps, 'series' | 'heightPx' | 'logarithmic' | 'syncKey'> {
  element: HTMLElement;
  latest: () => TimePlotProps;
}

function options({ element, series, heightPx, logarithmic, syncKey, latest }: Looks): uPlot.Options {
  const css = getComputedStyle(element);
  const color = (name: string): string => css.getPropertyValue(name).trim();
  // Read once: asked again at each drawing, the page's styles would be computed each time.
  const [markColor, boundColor] = [color('--line-strong'), color('--bad')];
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
    cursor: {
      sync: { key: syncKey },
      y: false,
      points: { size: 7 },
      drag: { x: latest().onZoom !== undefined, y: false, setScale: false, dist: 5 },
    },
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
      drawAxes: [(plot) => drawMarks(plot, latest().marks, markColor)],
      draw: [(plot) => drawBound(plot, latest().bound ?? null, boundColor)],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => latest().onZoom?.(null))],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width === 0) return;
          latest().onZoom?.([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
          plot.setSelect({ ...plot.select, width: 0 }, false);
        },
      ],
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

function drawBound(plot: uPlot, bound: number | null, color: string): void {
  const { min, max } = plot.scales['y'] ?? {};
  if (bound === null || bound < (min ?? Infinity) || bound > (max ?? -Infinity)) return;
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(bound, 'y', true));
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** Where a line stands within a second, its neighbor says which second that is. */
function clockTime(seconds: number): string {
  if (!Number.isInteger(seconds)) return '';
  return new Date(seconds * 1_000).toTimeString().slice(0, 8);
}

/** Null is a line of a logarithmic axis that has no number. */
function tick(value: number | null): string {
  if (value === null) return '';
  if (value >= 10_000) return `${+(value / 1_000).toFixed(1)}k`;
  return String(+value.toPrecision(3));
}
