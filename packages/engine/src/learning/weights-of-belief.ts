/**
 * The chosen numbers by which the learner believes: what may be, what a first look and a run tell, what time does to it. All others are in
 * weights.ts, which says what "no record" and "by hand" mean. Scatters, spreads and shifts are in ln intensity.
 */

/** Values with their prior weights, which need not add up to 1. */
export type Weighted = readonly (readonly [value: number, weight: number])[];

// Cells: which family a service belongs to

/** Share of restless ones. 0.4 until response times showed scatter, and measured with that by bench/learning (decision 8). */
export const RESTLESS_SHARE = 0.5;
/** Share of those that refuse what is too much, by whether the first look saw it; unknown: it did not overload. No record. */
export const REFUSING_SHARES = { unknown: 0.2, seen: 0.42, unseen: 0.05 };

// Cells: all families

/** γ: the part of the allowed share that is bad at any load. No record. */
export const BAD_FLOORS: Weighted = [
  [0, 3],
  [0.4, 1],
];
/** A service is noisier by √(this ÷ its requests/s), up to MOST_SLOWNESS times. No record. */
export const SLOW_BELOW_PER_SECOND = 200;
/** The most by which a slow service is noisier. No record. */
export const MOST_SLOWNESS = 4;
/** Scatters of restless and shallow cells are those of this many seconds: a run of 10 with a warm-up of 2. No record. */
export const CELL_SCATTER_SECONDS = 12;
/** The part of such a scatter that averages out with the root of the time. No record. */
export const AVERAGED_PART = 0.7;
/** The part of it that stays however long a run is. No record. */
export const LASTING_PART = 0.3;

// Cells: queues and services that refuse

/** How much of the time at rest is taken from the latency: what is slow by itself need not also have waited. No record. */
export const REST_PARTS: Weighted = [
  [0.4, 2],
  [1, 1],
];
/** The time at rest where it is not known, as a part of the latency. No record. */
export const UNKNOWN_REST = 0.5;
/** The least room that a latency leaves to wait, as a part of it. No record. */
export const LEAST_ROOM = 0.06;
/** c of services whose speed may drift too: the middle one. No record. */
export const USUAL_VARIABILITY = 1.1;
/** c: variability of arrivals and service together; 1 is that of fixed or random times alone. No record. */
export const VARIABILITIES: Weighted = [
  [0.6, 0.7],
  [USUAL_VARIABILITY, 1.5],
  [1.9, 0.8],
];
/** What else makes the speed drift, as standard deviation of a second; many requests do not average it out. No record. */
export const WANDERINGS: Weighted = [
  [0, 1],
  [0.07, 0.4],
  [0.16, 0.2],
];
/** β of a queue at least. No record. */
export const LEAST_QUEUE_SLOPE = 6;
/** β of a queue at most. No record. */
export const MOST_QUEUE_SLOPE = 300;
/** How much kinder a run is that is short beside t*, in units of ν·(½ ln(1/p*) − QUEUE_BEND_FROM). Fitted to simulated paths (cells.ts). */
export const QUEUE_BEND = 0.6;
/** ½ ln(1/p*) up to which no run is kinder in that way. Fitted to simulated paths (cells.ts). */
export const QUEUE_BEND_FROM = 0.35;
/** After this many t* half of that is gone. Fitted to simulated paths (cells.ts). */
export const QUEUE_KNEE = 3;
/** Scatter that stays however long a run is, in units of ½ ln(1/p*)·ν. Fitted to simulated paths (cells.ts). */
export const QUEUE_LASTING_SCATTER = 0.18;

/** β of a service that refuses: this part of the steepest, 1 ÷ p*, but `least`; with weights. Less where bursts blur it. No record. */
export const REFUSING_SLOPES = [
  { least: 6, part: 0, weight: 0.5 },
  { least: 9, part: 0.2, weight: 1 },
  { least: 12, part: 0.6, weight: 1 },
] as const;
/** What it lets through beyond its rate while a chirp tells it: saved tokens, ln. No record of the value. */
export const BURSTS: Weighted = [
  [0, 1],
  [0.14, 1],
];
/** Its scatter that stays however long a run is. No record. */
export const REFUSING_LASTING_SCATTER = 0.001;

// Cells: restless services, and kinds that are no rate

/** β of a restless service. No record. */
export const RESTLESS_SLOPES: Weighted = [
  [12, 1],
  [35, 1],
];
/** Its scatters. bench/learning: others were tried and not kept (decision 9); the largest since wandering services were added (bench/learning/families.mjs). */
export const RESTLESS_SCATTERS: Weighted = [
  [0.015, 0.5],
  [0.04, 1],
  [0.08, 1],
  [0.15, 0.25],
];
/** How much kinder a run of one second is than an endless one, in scatters: by √seconds less so. No record. */
export const RESTLESS_SHIFTS: Weighted = [
  [4, 1],
  [7, 1],
];
/** The same on an axis that is no rate. By hand, never tuned: bench/learning has rates alone. */
export const SHAPE_SHIFTS: Weighted = [
  [0, 0.2],
  [4, 1],
  [7, 0.6],
];
/** β where badness grows slowly, as a cache's misses do. By hand, never tuned: bench/learning has rates alone. */
export const SHALLOW_SLOPES: Weighted = [
  [0.5, 1],
  [1, 1],
  [2, 1],
  [5, 1],
  [20, 0.5],
];
/** Scatters there. By hand, never tuned: bench/learning has rates alone. */
export const SHALLOW_SCATTERS: Weighted = [
  [0.006, 1],
  [0.04, 1],
  [0.12, 0.5],
];

// Cells: kinds that measure a size (memory)

/** β: by how much ln(observed ÷ allowed) grows with ln intensity; all as probable. By hand, never tuned: no benchmark measures sizes. */
export const MARGIN_SLOPES = [0.5, 1, 2, 4];
/** Standard deviation of the limit from run to run. By hand, never tuned: no benchmark measures sizes. */
export const MARGIN_SCATTER = 0.05;

// The first look: what it tells

/** The newest blocks tell which clauses hurt, and whether the service refuses. No record. */
export const CHIRP_END_BLOCKS = 4;
/** More than this share of what ends is lost where a service refuses. No record. */
export const REFUSING_LOST = 0.05;
/** Goodput is measured over at least this long. No record. */
export const GOODPUT_SECONDS = 1;
/** And over this many answers. No record. */
export const GOODPUT_ANSWERS = 80;
/** The capacity is no less than the rate that hurt ÷ this. No record. */
export const HURT_OVER_CAPACITY = 8;
/** ln: how well a capacity is known at best. No record. */
export const CAPACITY_SPREAD = 0.05;
/** It is known from n answers to about this ÷ √n. No record. */
export const CAPACITY_VARIABILITY = 1.2;
/** A capacity that drifts from second to second was better or worse by this part of a second's scatter. No record. */
export const CAPACITY_WANDERED = 0.5;
/** ln: how well the limit is known where the load rose gently. No record. */
export const GENTLE_SPREAD = 0.12;
/** Of the prior about the capacity, all but what may be anywhere. No record. */
export const PRIOR_SURE = 0.98;
/** Of it, what lies wider. No record. */
export const PRIOR_WIDE = 0.1;
/** The same of a clause that allows much. No record. */
export const PRIOR_WIDE_OF_MUCH = 0.4;
/** A larger allowed share than this is much: a median gives way long before the service is full. No record. */
export const MUCH_ALLOWED = 0.25;
/** ln: spread of what lies wider. No record. */
export const PRIOR_WIDE_SPREAD = 0.35;
/** It lies below the capacity rather than above, by these weights. No record. */
export const PRIOR_WIDE_SIDES = { below: 1.5, above: 0.5 };
/** Density of a limit anywhere. No record. */
export const PRIOR_ANYWHERE = 0.01;
/** Where nothing hurt: density just below what was reached, which above it is 1. No record. */
export const UNHURT_BELOW = 0.3;
/** ln: and it falls by e in this much. No record. */
export const UNHURT_BELOW_SPREAD = 0.15;
/** ln: for a clause that did not break where another did, the density above the capacity falls by e in this much. No record. */
export const OTHER_HURT_ABOVE_SPREAD = 0.7;
/** Below it, this many times more widely than the capacity is known. No record. */
export const OTHER_HURT_BELOW_SPREADS = 2;
/** ln: without a first look, the limit may lie so far below what failed where nothing held. No record. */
export const CLIMB_NOTHING_HELD = 2;
/** ln: so far below what held last. No record. */
export const CLIMB_BELOW_HELD = 0.5;
/** ln: so far above what failed. No record. */
export const CLIMB_ABOVE_FAILED = 0.1;
/** ln: beyond these ends its density falls by e in this much. No record. */
export const CLIMB_EDGE = 0.3;
/** This many of the last steps of a climb teach what it founded. No record. */
export const CLIMB_TEACHES = 3;

// The belief

/** Distance of neighboring places of the limit, ln (log-odds of shares): 1.25 %. No record. */
export const GRID_STEP = 0.0125;
/** ln: a new belief reaches so far to both sides. No record. */
export const BELIEF_REACH = Math.log(8);
/** ln: room for the limit to lie beyond what was tried. No record. */
export const BELIEF_ROOM = Math.log(4);
/** ln: a belief about a size reaches so far above the cap. By hand, never tuned. */
export const MARGIN_ROOM = Math.log(4);
/** Less of a neighboring place than this is no diffusion. By hand. */
export const LEAST_DIFFUSION = 1e-6;
/** A less probable place counts for nothing in a predicted chance of failing. By hand (1e-9 at first). */
export const NEGLIGIBLE_PLACE = 1e-7;
/** Halvings by which the intensity of a chance of failing is found. By hand: finer than the grid. */
export const INTENSITY_HALVINGS = 22;

// Evidence of a run

/** ln: likelihoods are tabled so far to both sides of the limit. No record. */
export const TABLE_REACH = 2;
/** ln: in steps of this much, half of the grid's. No record. */
export const TABLE_STEP = 0.00625;
/** How much of a misfit counts on the right side of the limit: how bad an overload is says little about where it begins. No record. */
export const RIGHT_SIDE = 0.05;
/** φ: counts vary this much more than independent ones, in all runs alike. bench/learning: 1.5, 2 and 4 were tried (decision 9). */
export const DISPERSION = 3;
/** No probe may cost a hypothesis more: a lapse, spread over the ways to be wrong. No record. */
export const COUNTS_LAPSE = Math.exp(-5);
/** The same of a size. By hand, never tuned. */
export const MARGIN_LAPSE = 0.02;
/** Degrees of freedom of a size's Student-t: standard errors come from a few cycles. By hand, never tuned. */
export const MARGIN_FREEDOM = 4;
/** Scatter blurs a table by this many points of a standard normal, from BLUR_FROM in steps of BLUR_STEP. No record. */
export const BLUR_POINTS = 13;
/** Standard deviations. No record. */
export const BLUR_FROM = -3;
/** Standard deviations. No record. */
export const BLUR_STEP = 0.5;
/** Random arrivals tell where a run really was, but no farther from what was asked for: ln. By hand. */
export const MOST_OFF_ASKED = 0.1;
/** A run without a bad request counts as having had this many. By hand. */
export const LEAST_BAD = 0.3;

// Time, and other days

/** ln: the limit moves by this much in the root of a second. No record. */
export const DIFFUSION = 0.0012;
/** Chance that it jumps anywhere between two runs. No record. */
export const JUMP_CHANCE = 2e-4;
/** An outcome that is less probable than this is a surprise. No record. */
export const SURPRISE = Math.exp(-3);
/** And a jump is this many times more probable then. No record. */
export const SURPRISED_JUMPS = 30;
/** ln: a changed target moves its limit by this much, as a mean. No record. */
export const CHANGE_SPREAD = 0.3;
/** Density of a limit anywhere after a change. No record. */
export const CHANGE_ANYWHERE = 0.01;
/** ln: without a change it still moves a little from day to day. No record. */
export const DAY_SPREAD = 0.006;
/** Chance of a change: (changes + this) ÷ (sessions + that), a Beta prior. No record. */
export const CHANGE_PRIOR = { changes: 1, sessions: 7 };

// Response times: the curves by which they rise with the load

/** How far above the limit a queue's capacity lies. No record. */
export const CURVE_POLES = [1.005, 1.02, 1.05, 1.1, 1.2, 1.5, 2];
/** How late its wait begins to grow. No record. */
export const CURVE_POWERS = [1, 2, 4, 8];
/** How long a wait is against the time at rest. No record. */
export const CURVE_FACTORS = [0, 0.01, 0.04, 0.12, 0.3, 0.8, 2, 5];
/** Nearer than this to its capacity a queue is at it. No record. */
export const LEAST_IDLE = 0.004;
/** How long a wait is at the limit of what rises as a power. No record. */
export const POWER_HEIGHT = 8;
/** The steepness of a curve is taken so far to both sides, as a share of the load. By hand. */
export const STEEPNESS_STEP = 0.005;
/** Rounds of reweighting by which a curve's level is found. No record. */
export const CURVE_ROUNDS = 4;
/** Degrees of freedom of what is left (Student-t): one odd run does not rule. No record. */
export const CURVE_FREEDOM = 4;
/** Shares of requests that take longer: what the names of the quantiles mean. */
export const LONGER_SHARES = { p50: 0.5, p95: 0.05, p99: 0.01 };

// Response times: how steady the target is

/** Scatters of the limit that are told apart, ln: those of a run of STEADINESS_SECONDS. No record. */
export const STEADINESS_SCATTERS = [0.006, 0.01, 0.016, 0.025, 0.04, 0.06, 0.09, 0.13, 0.2];
/** With its warm-up. No record. */
export const STEADINESS_SECONDS = 14;
/** With fewer runs every curve fits. No record. */
export const STEADINESS_LEAST_RUNS = 4;
/** The newest runs are used: a target may change. No record. */
export const STEADINESS_MOST_RUNS = 24;
/** In times the limit: beyond it times grow with the length of the run. No record. */
export const STEADINESS_UP_TO = 1.1;
/** Of ln of a time from run to run, whatever the load. bench/learning: with 2, 8 and 25 % weighed, 67 not 78 of 100 held (decision 8). */
export const STEADINESS_NOISE = 0.05;
/** Which quantile tells, up to which allowed share: the nearest (decisions 8 and 9); no record of the borders. */
export const TELLING_QUANTILES = [
  { name: 'p99', share: LONGER_SHARES.p99, upTo: 0.02 },
  { name: 'p95', share: LONGER_SHARES.p95, upTo: 0.2 },
  { name: 'p50', share: LONGER_SHARES.p50, upTo: 1 },
] as const;

// Predicted response times (measured by bench/learning/latency.mjs)

/** With fewer points a curve is a guess. By hand. */
export const PREDICTED_LEAST_POINTS = 3;
/** The newest points are used: enough for a curve, and products of their scatters stay within a double. By hand. */
export const PREDICTED_MOST_POINTS = 60;
/** In times the limit: beyond it times grow with the length of the run. No record. */
export const PREDICTED_UP_TO = 1.02;
/** Of the predicted chance, what lies inside the band. The definition. */
export const PREDICTED_BAND = 0.9;
/** Curves that are less probable than the best by this factor are left out. By hand. */
export const NEGLIGIBLE_CURVE = 1e-4;
/** Scatters of the time itself. latency.mjs: of the bimodal p95 52 % were in the band without 0.8, 68 % with it and decision 9. */
export const PREDICTED_NOISES = [0.02, 0.08, 0.25, 0.8];
/** Scatters of the capacity, ln. No record. */
export const PREDICTED_WANDERINGS = [0.005, 0.02, 0.06];
/** How often the scatter of independent times. No record. */
export const PREDICTED_EXCESSES = [1.2, 2.5];
/** The ends of a band are looked for within this many standard deviations. By hand. */
export const PREDICTED_REACH = 5;
/** By this many halvings. By hand: finer than is shown. */
export const PREDICTED_HALVINGS = 40;

/** Standard deviations beyond which Φ is 1 to the last digit of a number. Arithmetic. */
export const SURELY_BELOW = 7.5;
/** Those beyond which it is below 10⁻²⁸, which is taken for 0. By hand: golden traces are the same. */
export const SURELY_ABOVE = 9;
