'use client';

import type { Heatmap } from '@hive/contract';
import { useEffect, useRef } from 'react';
import { TimeArea } from './time-area';
import { viridis } from './viridis';

const HEIGHT_PX = 240;
/** As the line charts have it, so that a time stands at one place in all of them. */
const LEFT_PX = 46;
const RIGHT_PX = 26;
const TOP_PX = 4;
const BOTTOM_PX = 22;

interface HeatMapProps {
  map: Heatmap;
  /** Drawn across, ms. */
  objectiveMs: number | null;
  /** The part of the run that is shown, ms since its first planned send. */
  range: readonly [number, number];
  /** Where the cursor stands, ms; null: nowhere. */
  at: number | null;
  onHover: (ms: number | null) => void;
  onZoom: (range: [number, number] | null) => void;
}

/** Response times by time and by a logarithm of their length, p50 and p99 over them. Give it the theme as its key: it reads colors once. */
export function HeatMapPlot({ map, objectiveMs, range, at, onHover, onZoom }: HeatMapProps) {
  const [from, to] = range;
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const [box, sheet] = [holder.current, canvas.current];
    if (box === null || sheet === null) return;
    const paint = (): void => draw(sheet, box, { map, objectiveMs, range: [from, to] });
    const observer = new ResizeObserver(paint);
    observer.observe(box);
    return () => observer.disconnect();
  }, [map, objectiveMs, from, to]);
  return (
    <div ref={holder} aria-hidden="true" className="relative w-full overflow-hidden" style={{ height: HEIGHT_PX }}>
      <canvas ref={canvas} className="h-full w-full" />
      <TimeArea
        range={range}
        at={at}
        onHover={onHover}
        onZoom={onZoom}
        inset={{ left: LEFT_PX, right: RIGHT_PX, top: TOP_PX, bottom: BOTTOM_PX }}
      />
    </div>
  );
}

interface Sheet {
  pen: CanvasRenderingContext2D;
  x: (ms: number) => number;
  y: (ms: number) => number;
  color: (name: string) => string;
  right: number;
}

type Drawn = Pick<HeatMapProps, 'map' | 'objectiveMs' | 'range'>;

function draw(canvas: HTMLCanvasElement, box: HTMLElement, { map, objectiveMs, range: [fromMs, toMs] }: Drawn): void {
  const pen = canvas.getContext('2d');
  const [lowest, highest] = [map.edgesMs[0], map.edgesMs.at(-1)];
  if (!pen || map.columns.length === 0 || lowest === undefined || highest === undefined) return;
  const width = box.clientWidth;
  canvas.width = width * devicePixelRatio;
  canvas.height = HEIGHT_PX * devicePixelRatio;
  pen.scale(devicePixelRatio, devicePixelRatio);
  const css = getComputedStyle(box);
  const bottom = HEIGHT_PX - BOTTOM_PX;
  const sheet: Sheet = {
    pen,
    x: (ms) => LEFT_PX + ((ms - fromMs) / (toMs - fromMs)) * (width - LEFT_PX - RIGHT_PX),
    y: (ms) => TOP_PX + (1 - Math.log(ms / lowest) / Math.log(highest / lowest)) * (bottom - TOP_PX),
    color: (name) => css.getPropertyValue(name).trim(),
    right: width - RIGHT_PX,
  };
  pen.font = `11px ${css.fontFamily}`;
  drawAxes(sheet, { lowest, highest, fromMs, toMs, bottom });
  // What lies outside of the shown part is not drawn over the axes.
  pen.beginPath();
  pen.rect(LEFT_PX, 0, sheet.right - LEFT_PX, bottom);
  pen.clip();
  drawCells(sheet, map);
  drawLine(sheet, map, 'p50Ms');
  drawLine(sheet, map, 'p99Ms');
  if (objectiveMs === null || objectiveMs < lowest || objectiveMs > highest) return;
  pen.setLineDash([2, 3]);
  pen.strokeStyle = sheet.color('--bad');
  pen.beginPath();
  pen.moveTo(LEFT_PX, sheet.y(objectiveMs));
  pen.lineTo(sheet.right, sheet.y(objectiveMs));
  pen.stroke();
}

function drawCells({ pen, x, y }: Sheet, { columns, counts, edgesMs }: Heatmap): void {
  const most = Math.max(1, ...counts.map((column) => Math.max(0, ...column)));
  for (const [index, { fromMs, toMs }] of columns.entries())
    for (const [row, count] of (counts[index] ?? []).entries()) {
      if (count === 0) continue;
      // By its logarithm: a few slow answers among thousands still show.
      pen.fillStyle = viridis(Math.log1p(count) / Math.log1p(most));
      const top = y(edgesMs[row + 1] ?? 1);
      pen.fillRect(x(fromMs), top, x(toMs) - x(fromMs) + 0.5, y(edgesMs[row] ?? 1) - top + 0.5);
    }
}

interface Frame {
  lowest: number;
  highest: number;
  fromMs: number;
  toMs: number;
  bottom: number;
}

function drawAxes({ pen, x, y, color }: Sheet, { lowest, highest, fromMs, toMs, bottom }: Frame): void {
  pen.fillStyle = color('--chart-text');
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (let power = -3; power < 7; power += 1)
    for (const times of [1, 2, 5]) {
      const ms = times * 10 ** power;
      if (ms >= lowest && ms <= highest) pen.fillText(String(+ms.toPrecision(2)), LEFT_PX - 8, y(ms));
    }
  pen.textAlign = 'center';
  const each = stepOf((toMs - fromMs) / 6);
  for (let ms = Math.ceil(fromMs / each) * each; ms <= toMs - each / 2; ms += each)
    pen.fillText(`${+(ms / 1_000).toFixed(1)} s`, x(ms), bottom + 12);
}

function drawLine({ pen, x, y, color }: Sheet, { columns }: Heatmap, of: 'p50Ms' | 'p99Ms'): void {
  for (const [style, width] of [
    [color('--surface'), 4],
    [color('--ink'), 1.75],
  ] as const) {
    pen.setLineDash(of === 'p50Ms' ? [] : [5, 4]);
    pen.strokeStyle = style;
    pen.lineWidth = width;
    pen.beginPath();
    let on = false;
    for (const { fromMs, toMs, [of]: ms } of columns) {
      if (ms !== null) pen[on ? 'lineTo' : 'moveTo'](x((fromMs + toMs) / 2), y(ms));
      on = ms !== null;
    }
    pen.stroke();
  }
  pen.lineWidth = 1;
}

/** 1, 2 or 5 times a power of ten, at least as much. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return ([1, 2, 5, 10].find((times) => times * power >= least) ?? 10) * power;
}
