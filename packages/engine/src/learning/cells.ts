/** What is unknown beside the limit itself: one cell is one combination of shape, floor, duration shift and scatter. */
export interface Cell {
  /** β: how steeply the log-odds of a bad request rise with the coordinate. */
  slope: number;
  /** γ: the part of the allowed share that is bad at any load. */
  floor: number;
  /** b: how much kinder short runs are. */
  shift: number;
  /** τ: standard deviation of the limit from run to run, of ten-second runs. */
  scatter: number;
}

/** Values of the nuisance parameters with prior weights. */
export interface CellPrior {
  slopes: [number, number][];
  floors: [number, number][];
  /** Of the duration shift, in units of the scatter: both come from the same fluctuations. */
  shifts: [number, number][];
  scatters: [number, number][];
}

/** Kinds judged by requests under load. */
export const LOAD_CELLS: CellPrior = {
  slopes: [
    [12, 1],
    [35, 1.5],
    [100, 1],
  ],
  floors: [
    [0, 3],
    [0.4, 1],
  ],
  shifts: [
    [-1.5, 0.2],
    [0, 0.6],
    [2, 1.2],
    [4.5, 2.2],
    [8, 0.6],
  ],
  scatters: [
    [0.008, 0.8],
    [0.016, 1],
    [0.03, 1.2],
    [0.055, 1],
    [0.1, 0.5],
  ],
};

/** Kinds whose badness grows slowly and where a short run is not kinder: cache misses. */
export const SHALLOW_CELLS: CellPrior = {
  slopes: [
    [0.5, 1],
    [1, 1],
    [2, 1],
    [5, 1],
    [20, 0.5],
  ],
  floors: [
    [0, 3],
    [0.4, 1],
  ],
  shifts: [[0, 1]],
  scatters: [
    [0.006, 1],
    [0.04, 1],
    [0.12, 0.5],
  ],
};

/** All combinations, with weights that add up to 1. */
export function cellsOf(prior: CellPrior): { cells: Cell[]; weights: number[] } {
  const cells: Cell[] = [];
  const weights: number[] = [];
  for (const [slope, a] of prior.slopes)
    for (const [floor, b] of prior.floors)
      for (const [shift, c] of prior.shifts)
        for (const [scatter, d] of prior.scatters) {
          cells.push({ slope, floor, shift: shift * scatter, scatter });
          weights.push(a * b * c * d);
        }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { cells, weights: weights.map((weight) => weight / sum) };
}

/** F: services that answer few requests a second are noisier; clamp(√(200 ÷ rate), 1, 4). */
function slowness(ratePerSecond: number): number {
  return Math.min(4, Math.max(1, Math.sqrt(200 / Math.max(ratePerSecond, 1e-9))));
}

/** Where a run of a length and a rate lies against one of the horizon. */
export interface RunLength {
  seconds: number;
  ratePerSecond: number;
  horizonSeconds: number;
}

/** By how much a run of this length is kinder than one of the horizon: b·F·(1/√T − 1/√H). */
export function durationShift(cell: Cell, { seconds, ratePerSecond, horizonSeconds }: RunLength): number {
  return cell.shift * slowness(ratePerSecond) * (1 / Math.sqrt(seconds) - 1 / Math.sqrt(horizonSeconds));
}

/** Scatter of one run of this length: τ·F·clamp((10 ÷ T)^0.35, ¼, 2). */
export function runScatter(cell: Cell, { seconds, ratePerSecond }: RunLength): number {
  return cell.scatter * slowness(ratePerSecond) * Math.min(2, Math.max(0.25, (10 / seconds) ** 0.35));
}

/** p(u): the chance that a request is bad, u above the limit; γp* + (1 − γp*)·logistic(logit of the rest + β·u). */
export function badShare(cell: Pick<Cell, 'slope' | 'floor'>, allowedShare: number, u: number): number {
  const floor = cell.floor * allowedShare;
  const rest = (allowedShare - floor) / (1 - floor);
  return floor + (1 - floor) / (1 + Math.exp(-Math.log(rest / (1 - rest)) - cell.slope * u));
}
