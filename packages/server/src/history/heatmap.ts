import { HEATMAP_ROWS, type Heatmap, type PercentilePoint } from '@hive/contract';
import { readHistogram, type HistogramReading } from '@hive/engine';
import type { KeptPart, KeptPlace, KeptWindow, Store } from '../store/store.js';

/** Latencies are first counted this finely, so that the rows can be cut when all of them are known. */
const CELLS_A_DECADE = 1_000;
/** The rows span at least this much: finer ones would show the grain of the histograms. */
const LEAST_SPAN = 4;
/** A percentile that fewer requests lie above is an accident of those few. */
const LEAST_ABOVE = 10;
const STEPS_A_DECADE = 24;

type Cells = Map<number, number>;
interface Column {
  fromMs: number;
  toMs: number;
  cells: Cells;
}

/** What is kept of a run, batch by batch. */
export async function* keptOf(
  store: Pick<Store, 'readKept'>,
  part: Omit<KeptPart, 'after'>,
): AsyncGenerator<KeptWindow[]> {
  let after: KeptPlace | undefined;
  do {
    const { windows, next } = await store.readKept({ ...part, after });
    yield windows;
    after = next ?? undefined;
  } while (after !== undefined);
}

/** Cuts what is kept of a run into at most `columns` stretches of equally many windows, and their response times into rows. */
export async function heatmapOf(
  kept: AsyncIterable<readonly KeptWindow[]>,
  most: number,
): Promise<Pick<Heatmap, 'columns' | 'edgesMs' | 'counts'>> {
  let columns: Column[] = [];
  let each = 1;
  let inLast = 0;
  for await (const batch of kept) {
    for (const window of batch) {
      if (inLast === each || columns.length === 0) {
        // Twice as many windows a column: how many there will be is known at the end alone.
        if (columns.length === 2 * most) {
          columns = inPairs(columns);
          each *= 2;
        }
        columns.push({ fromMs: window.window.fromMs, toMs: window.window.toMs, cells: new Map() });
        inLast = 0;
      }
      add(columns.at(-1) as Column, window);
      inLast += 1;
    }
  }
  return inRows(columns.length > most ? inPairs(columns) : columns);
}

function add(column: Column, { window, responseTime }: KeptWindow): void {
  column.toMs = Math.max(column.toMs, window.toMs);
  readable(responseTime)?.each((ms, count) => {
    const cell = Math.floor(CELLS_A_DECADE * Math.log10(Math.max(ms, 0.001)));
    column.cells.set(cell, (column.cells.get(cell) ?? 0) + count);
  });
}

function inPairs(columns: readonly Column[]): Column[] {
  return columns.flatMap((column, index) => {
    if (index % 2 === 1) return [];
    const next = columns[index + 1];
    for (const [cell, count] of next?.cells ?? []) column.cells.set(cell, (column.cells.get(cell) ?? 0) + count);
    return [{ ...column, toMs: next?.toMs ?? column.toMs }];
  });
}

function inRows(columns: readonly Column[]): Pick<Heatmap, 'columns' | 'edgesMs' | 'counts'> {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const { cells } of columns)
    for (const cell of cells.keys()) {
      lowest = Math.min(lowest, cell);
      highest = Math.max(highest, cell + 1);
    }
  const isEmpty = highest < lowest;
  const span = Math.max(highest - lowest, CELLS_A_DECADE * Math.log10(LEAST_SPAN));
  const edge = (row: number): number => lowest + (row * span) / HEATMAP_ROWS;
  const rowOf = (cell: number): number =>
    Math.min(HEATMAP_ROWS - 1, Math.floor(((cell + 0.5 - lowest) / span) * HEATMAP_ROWS));
  return {
    columns: columns.map(({ fromMs, toMs, cells }) => ({ fromMs, toMs, ...quantilesOf(cells) })),
    edgesMs: isEmpty ? [] : Array.from({ length: HEATMAP_ROWS + 1 }, (_, row) => msOf(edge(row))),
    counts: columns.map(({ cells }) => {
      const rows = Array.from({ length: isEmpty ? 0 : HEATMAP_ROWS }, () => 0);
      for (const [cell, count] of cells) rows[rowOf(cell)]! += count;
      return rows;
    }),
  };
}

function quantilesOf(cells: Cells): { count: number; p50Ms: number | null; p99Ms: number | null } {
  const sorted = [...cells].toSorted(([a], [b]) => a - b);
  const count = sorted.reduce((sum, [, one]) => sum + one, 0);
  const at = (share: number): number | null => {
    let seen = 0;
    for (const [cell, one] of sorted) if ((seen += one) >= share * count) return msOf(cell + 0.5);
    return null;
  };
  return { count, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** Percentiles of a histogram, evenly spaced on 1 ÷ (1 − p), as far as enough requests were slower. */
export function percentilesOf(encoded: Uint8Array | null): PercentilePoint[] {
  const histogram = readable(encoded);
  if (histogram === null || histogram.total === 0) return [];
  const last = Math.floor(STEPS_A_DECADE * Math.log10(histogram.total / LEAST_ABOVE));
  return Array.from({ length: Math.max(0, last + 1) }, (_, step) => {
    const share = 1 - 10 ** (-step / STEPS_A_DECADE);
    return { share, ms: histogram.quantileMs(share) };
  });
}

/** One that cannot be read is left out: it must not hide all the others. */
function readable(encoded: Uint8Array | null): HistogramReading | null {
  if (encoded === null) return null;
  try {
    return readHistogram(encoded);
  } catch {
    return null;
  }
}

function msOf(cell: number): number {
  return 10 ** (cell / CELLS_A_DECADE);
}
