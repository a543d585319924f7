import {
  AVERAGED_PART,
  BAD_FLOORS,
  BURSTS,
  CELL_SCATTER_SECONDS,
  LASTING_PART,
  LEAST_QUEUE_SLOPE,
  LEAST_ROOM,
  MOST_QUEUE_SLOPE,
  MOST_SLOWNESS,
  QUEUE_BEND,
  QUEUE_BEND_FROM,
  QUEUE_KNEE,
  QUEUE_LASTING_SCATTER,
  REFUSING_LASTING_SCATTER,
  REFUSING_SHARES,
  REFUSING_SLOPES,
  RESTLESS_SCATTERS,
  RESTLESS_SHARE,
  RESTLESS_SHIFTS,
  RESTLESS_SLOPES,
  REST_PARTS,
  SHALLOW_SCATTERS,
  SHALLOW_SLOPES,
  SHAPE_SHIFTS,
  SLOW_BELOW_PER_SECOND,
  UNKNOWN_REST,
  USUAL_VARIABILITY,
  VARIABILITIES,
  WANDERINGS,
  type Weighted,
} from '../weights-of-belief.js';
import { LEAST_WARMUP_SECONDS, WARMUP_LATENCIES } from '../weights.js';

/**
 * What is unknown beside the limit itself: one cell is one way a service may behave near it. Plain data, so that a belief can be kept.
 * All are in ln intensity.
 */
export interface Cell {
  weight: number;
  /** β: how steeply the log-odds of a bad request rise with the distance from the limit. */
  slope: number;
  /** γ: the part of the allowed share that is bad at any load. */
  floor: number;
  /** By how much short runs are kinder: a queue of `fill` s needs time to fill (in `late` of the run), and to meet bad moments (root: √s). */
  shift: { fill: number; late: number; bend: number; knee: number; root: number };
  /** Standard deviation of the limit from run to run: root ÷ √s + flat. */
  scatter: { root: number; flat: number };
  /** How far above the rate at which a saturated service answers the limit lies; negative: below. */
  fromCapacity: number;
}

/** How a run is laid out. */
export interface RunLength {
  /** Judged seconds. */
  seconds: number;
  ratePerSecond: number;
  /** W: shown, not judged. */
  warmupSeconds: number;
  /** Of the runs that define the limit. */
  horizonSeconds: number;
}

/** What is known about a clause before its limit. */
export interface CellContext {
  allowedShare: number;
  /** What a request may take; null for a clause about errors. s */
  latencySeconds: number | null;
  /** What the allowed share of requests takes on an idle target; null: not known. s */
  restSeconds: number | null;
  /** Whether it turned requests away when it was overloaded; null: it was not. */
  refuses: boolean | null;
  /** About where the limit is, requests/s. */
  ratePerSecond: number;
  horizonSeconds: number;
}

/**
 * The cells of a load axis (requests/s): a queue in front of a server, a service that refuses what is too much, and one that is troubled
 * by something else than its load.
 */
export function loadCells(context: CellContext): Cell[] {
  const { refuses, latencySeconds, ratePerSecond } = context;
  const queues = latencySeconds === null ? [] : queueCells(context);
  const refusing = refuses === null ? REFUSING_SHARES.unknown : refuses ? REFUSING_SHARES.seen : REFUSING_SHARES.unseen;
  return normed([
    ...scaled(queues, 1 - RESTLESS_SHARE - refusing),
    ...scaled(refusingCells(context), refusing),
    ...scaled(restlessCells(slowness(ratePerSecond), RESTLESS_SHIFTS), RESTLESS_SHARE),
  ]);
}

/** Cells of an axis that is no rate: shapes alone. */
export function shapeCells(ratePerSecond: number): Cell[] {
  return normed(restlessCells(slowness(ratePerSecond), SHAPE_SHIFTS));
}

/** Services that answer few requests a second are noisier. */
function slowness(ratePerSecond: number): number {
  return Math.min(MOST_SLOWNESS, Math.max(1, Math.sqrt(SLOW_BELOW_PER_SECOND / Math.max(ratePerSecond, 1e-9))));
}

/** Kinds whose badness grows slowly and where a short run is not kinder: cache misses. */
export function shallowCells(): Cell[] {
  const cells = SHALLOW_SLOPES.flatMap(([slope, a]) =>
    BAD_FLOORS.flatMap(([floor, b]) =>
      SHALLOW_SCATTERS.map(([scatter, c]): Cell => plain({ slope, floor, scatter, weight: a * b * c })),
    ),
  );
  return normed(cells);
}

/** By how much a run is kinder than one of the horizon. */
export function durationShift(cell: Cell, { seconds, warmupSeconds, horizonSeconds }: RunLength): number {
  return kindness(cell, warmupSeconds, seconds) - kindness(cell, warmupSeconds, horizonSeconds);
}

/** Standard deviation of the limit that a run of this length shows. */
export function runScatter(cell: Cell, { seconds, warmupSeconds }: RunLength): number {
  return scatterOfRun(cell, seconds + warmupSeconds);
}

/** The same, of this many seconds with the warm-up. */
export function scatterOfRun({ scatter }: Cell, seconds: number): number {
  return scatter.root / Math.sqrt(seconds) + scatter.flat;
}

/** p(u): the chance that a request is bad, u above the limit; γp* + (1 − γp*)·logistic(logit of the rest + β·u). */
export function badShares(
  { slope, floor: part }: Pick<Cell, 'slope' | 'floor'>,
  allowedShare: number,
): (u: number) => number {
  const floor = part * allowedShare;
  const rest = (allowedShare - floor) / (1 - floor);
  const atLimit = -Math.log(rest / (1 - rest));
  return (u) => floor + (1 - floor) / (1 + Math.exp(atLimit - slope * u));
}

/** c, wandering and weight. */
const VARIANCES = VARIABILITIES.flatMap(([c, a]) =>
  WANDERINGS.filter(([wandering]) => wandering === 0 || c === USUAL_VARIABILITY).map(
    ([wandering, b]) => [c, wandering, a * b] as const,
  ),
);

/**
 * A queue in heavy traffic is a reflected Brownian motion (Kingman 1962, Harrison 1985): work waits w(t), with drift ρ − 1 and variance
 * σ² = c² ÷ rate a second, and a request is bad while w > ℓ, the room that the latency leaves. With ν = σ² ÷ ℓ and t* = ℓ² ÷ σ²:
 * the odds of a bad request grow as e^(2u/ν), and a run of T after W keeps p* up to the capacity times
 * 1 + ν·(−½ ln(1/p*) + t*÷(W + (1−p*)T) + 0.6·(½ ln(1/p*) − 0.35) ÷ (1 + (W+T)÷3t*)), give or take σ÷√(T+W) + 0.09·ln(1/p*)·ν
 * (the constants are fitted to simulated paths, for p* from 0.01 to 0.5 and T from 0.05 to 30 t*).
 */
function queueCells({ allowedShare, latencySeconds, restSeconds, ratePerSecond, horizonSeconds }: CellContext): Cell[] {
  const latency = latencySeconds as number;
  const rarity = Math.log(1 / allowedShare) / 2;
  return REST_PARTS.flatMap(([part, a]) =>
    VARIANCES.flatMap(([c, wandering, b]) =>
      BAD_FLOORS.map(([floor, d]): Cell => {
        const room = Math.max(LEAST_ROOM * latency, latency - part * (restSeconds ?? UNKNOWN_REST * latency));
        const variance = (c * c) / ratePerSecond + wandering * wandering;
        const nu = variance / room;
        const cell: Cell = {
          weight: a * b * d,
          slope: Math.min(MOST_QUEUE_SLOPE, Math.max(LEAST_QUEUE_SLOPE, 2 / nu)),
          floor,
          shift: {
            fill: room,
            late: 1 - allowedShare,
            bend: QUEUE_BEND * Math.max(0, rarity - QUEUE_BEND_FROM) * nu,
            knee: (QUEUE_KNEE * room * room) / variance,
            root: 0,
          },
          scatter: { root: Math.sqrt(variance), flat: QUEUE_LASTING_SCATTER * rarity * nu },
          fromCapacity: 0,
        };
        const warmup = Math.max(LEAST_WARMUP_SECONDS, WARMUP_LATENCIES * latency);
        return { ...cell, fromCapacity: -rarity * nu + kindness(cell, warmup, horizonSeconds) };
      }),
    ),
  );
}

/** What is too much is turned away: the bad share grows with the excess, and nothing is carried from one second to the next. */
function refusingCells({ ratePerSecond, allowedShare, refuses }: CellContext): Cell[] {
  // 1 − C ÷ x is bad: a slope of 1 ÷ p* where it reaches p*, less where bursts blur it.
  const slopes = REFUSING_SLOPES.map(
    ({ least, part, weight }) => [Math.max(least, part / allowedShare), weight] as const,
  );
  const bursts = refuses === true ? BURSTS : BURSTS.slice(0, 1);
  return slopes.flatMap(([slope, a]) =>
    VARIANCES.flatMap(([c, wandering, b]) =>
      BAD_FLOORS.flatMap(([floor, d]) =>
        bursts.map(([burst, e]): Cell => ({
          ...plain({ slope, floor, scatter: 0, weight: a * b * d * e }),
          scatter: { root: Math.hypot(c / Math.sqrt(ratePerSecond), wandering), flat: REFUSING_LASTING_SCATTER },
          fromCapacity: -Math.log(1 - allowedShare) - burst,
        })),
      ),
    ),
  );
}

/** Something else than the load makes it good and bad for seconds: neighbors, pauses, a changing speed. */
function restlessCells(times: number, shifts: Weighted): Cell[] {
  return RESTLESS_SLOPES.flatMap(([slope, a]) =>
    RESTLESS_SCATTERS.flatMap(([scatter, b]) =>
      shifts.flatMap(([root, c]) =>
        BAD_FLOORS.map(([floor, d]): Cell => {
          const cell = plain({ slope, floor, scatter: scatter * times, weight: a * b * c * d });
          // A chirp sees its better moments; the limit is set by the worse ones.
          return {
            ...cell,
            shift: { ...cell.shift, root: root * scatter * times },
            fromCapacity: -scatter * times,
          };
        }),
      ),
    ),
  );
}

/** Without a duration shift; `scatter` of a run of ten seconds. */
function plain({
  slope,
  floor,
  scatter,
  weight,
}: Pick<Cell, 'slope' | 'floor' | 'weight'> & { scatter: number }): Cell {
  return {
    weight,
    slope,
    floor,
    shift: { fill: 0, late: 1, bend: 0, knee: 1, root: 0 },
    scatter: { root: AVERAGED_PART * scatter * Math.sqrt(CELL_SCATTER_SECONDS), flat: LASTING_PART * scatter },
    fromCapacity: 0,
  };
}

/** How far above the limit of an endless run one of this length still passes. */
function kindness({ shift }: Cell, warmupSeconds: number, seconds: number): number {
  const { fill, late, bend, knee, root } = shift;
  return (
    fill / (warmupSeconds + late * seconds) + bend / (1 + (warmupSeconds + seconds) / knee) + root / Math.sqrt(seconds)
  );
}

function scaled(cells: readonly Cell[], weight: number): Cell[] {
  const sum = cells.reduce((total, cell) => total + cell.weight, 0);
  return cells.map((cell) => ({ ...cell, weight: (cell.weight * weight) / sum }));
}

function normed(cells: readonly Cell[]): Cell[] {
  return scaled(cells, 1);
}
