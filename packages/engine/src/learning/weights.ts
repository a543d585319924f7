/**
 * The chosen numbers of the learner: another would change what is learned, searched or said. Those by which it believes are in
 * weights-of-belief.ts; what follows from them by arithmetic stands where it is used. Each comment, or the title of its section, ends with
 * what the number was chosen by:
 * - a figure, a definition or a source, where there is one.
 * - "No record": bench/learning compared some forty variants of the weights (docs/learning.md); whether this was among them is not told.
 * - "By hand": nobody measured it. "Never tuned": it is as it was first written, and no benchmark depends on it.
 */

// What a limit is, and what is said of it

/** The limit is about runs of this length. The definition (docs/learning.md). */
export const HORIZON_SECONDS = 30;
/** W at least, of probes and of the runs that define the limit. bench/learning: with less, estimates came out higher. */
export const LEAST_WARMUP_SECONDS = 2;
/** W in times the longest latency. bench/learning: with less, estimates came out higher. */
export const WARMUP_LATENCIES = 2;
/** Chance that an interval holds the limit. The definition. */
export const INTERVAL_LEVEL = 0.95;
/** Chance that the limit lies below it; where less lies below the cap, it is `at_least` the cap. The definition. */
export const INTERVAL_BELOW = 0.025;
/** Chance that the limit lies below its upper end; where more lies below the floor, it is `below`. The definition. */
export const INTERVAL_UP_TO = 0.975;
/** Chance of failing at the lower end of the band. The definition. */
export const BAND_LOW_CHANCE = 0.1;
/** Chance of failing at its upper end. The definition. */
export const BAND_HIGH_CHANCE = 0.9;
/** Chance of failing at what counts as safe. The definition. */
export const SAFE_CHANCE = 0.05;
/** Length of the runs that it is about. The definition. */
export const SAFE_SECONDS = 600;
/** Long runs break at this much less load than predicted: they meet what short ones did not. Set on the services of bench/learning. */
export const LONG_RUNS = 0.975;
/** What held so far below what counts as safe by now still stands for it. By hand. */
export const HELD_ABOUT = 0.95;
/** The share of a failed hold's intensity that is tried next. By hand (decision 10). */
export const BROKEN_HOLD_LOWER = 0.9;
/** This many runs of which none held outweigh what a first look saw. By hand. */
export const ENOUGH_FAILED_RUNS = 5;
/** A run that failed by a rule without counts stands for this many times the allowed share. By hand: clearly broken (2 before decision 9). */
export const BROKEN_UNCOUNTED = 3;

// What a limit needs to be called measured. The definition (docs/learning.md), where nothing else is said.

/** A run of a minute held from this many times the low end on: lower, it says nothing of the low end. */
export const HELD_FROM = 0.93;
/** A run broke at up to this many times the high end: higher, it says nothing of the high end. */
export const BROKE_UP_TO = 1.1;
/** And at no less than this many times the high end: what broke far below it contradicts the interval. By hand. */
export const BROKE_DOWN_TO = 1 / 1.3;
/** A run is judged by whole seconds and may be this much shorter than planned, s. By hand. */
export const RUN_SECONDS_SLACK = 1;
/** Half width, as a share, beyond which a limit is only rough. */
export const CONFIDENT_WIDTH = 0.25;
/** A run that shows that the low end holds may have this many bad requests; with fewer, chance decides. */
export const LONG_RUN_REQUESTS = 3;
/** What another session showed counts for a week; s. */
export const LONG_RUNS_COUNT_SECONDS = 7 * 86_400;
/** Where overload is not allowed, runs that broke stand for a failure of 30 s if it would pass with less than this chance. */
export const ENOUGH_BROKEN_PASSES = 0.05;
/** 9 of 10 runs hold at the one end of the band and fail at the other: where those are farther apart than this, one number would mislead. */
export const UNSTEADY_BAND = 1.25;
/** Two runs that contradict one another by more than this are no doubt but show it. By bench/learning. */
export const UNSTEADY_PAIR = 1.1;
/** An interval is no narrower than 4s·√(30 s ÷ time near the limit), s the logistic scale by which runs of 30 s differ. */
export const FLOOR_SCALES = 4;
/** 9 of 10 values of a normal distribution lie below its mean and this many standard deviations. Arithmetic. */
export const NORMAL_TENTH = 1.2816;
/** Standard deviation of a logistic distribution of scale 1. Arithmetic. */
export const LOGISTIC_DEVIATION = Math.PI / Math.sqrt(3);
/** A share, of an intensity that became a coordinate and an intensity again. By hand. */
export const INTENSITY_ROUNDING = 1e-9;
/** Half width, as a share, from which on the minute at the low end is run. By bench/learning. */
export const LONG_RUN_FROM = 0.08;
/** Of the low end, what that run is at: the end rises while the rest is learned. By bench/learning. */
export const LONG_RUN_BELOW = 0.98;
/** The low end is lowered by no more than this for a run that held a little below where it would count. By hand. */
export const HELD_LOWERS = 0.96;
/** The failure above the limit is looked for this far above the high end. By bench/learning. */
export const FAILING_ABOVE = 1.03;
/** But no higher than what fails with this chance: a slow service would queue for minutes. By hand. */
export const SURELY_FAILING = 0.97;
/** When the budget would not hold another run like this beside them, what must be shown is shown at once. By hand. */
export const LAST_CHANCE_SPARE_SECONDS = 30;
/** But not while the interval is wider than this, ln. By hand. */
export const LAST_CHANCE_WIDTH = 0.4;
/** What a run takes beside its warm-up and its judged part, and beside the longest latency. By hand. */
export const AROUND_RUN_SECONDS = 1;
/** A target that varies is measured for this long at least before a minute is spent on one load, judged s. By hand. */
export const VARYING_LEAST_SECONDS = 40;
/** What holds for a minute is looked for this far below what broke. By hand. */
export const VARYING_BELOW_BROKEN = 0.93;
/** While nothing has held for a minute, the lower end reaches this far below what broke. By hand. */
export const VARYING_UNSEEN = 0.8;
/** What broke is looked for until it is no farther than this above what held for a minute. By hand. */
export const VARYING_SEEN = 1.12;

// Doubts

/** With fewer bad requests allowed in a run chance decides: those of a p99 at 50 requests/s (docs/learning.md). */
export const FEW_ALLOWED = 15;
/** Half width, as a share, beyond which an interval wants an explanation. By hand: the default precision. */
export const WIDE_INTERVAL = 0.05;
/** ln(observed ÷ allowed) beyond which a run is no close call. No record. */
export const CLEAR_CALL = 1;
/** A passed run this long contradicts one that failed at this much less. bench/learning: 4 of 420 steady sessions, 84 of 180 restless. */
export const CONTRADICTING_RUNS = [
  { seconds: 9, times: 1.033 },
  { seconds: 6, times: 1.06 },
];
/** Not monotone: ln; held with half of what is allowed or broken with twice as much. By hand: neither is chance. */
export const NOT_MONOTONE_CLEAR = Math.log(2);
/** The same of a size that is measured, such as memory: a fifth. By hand, never tuned. */
export const NOT_MONOTONE_CLEAR_MARGIN = 0.2;
/** So much more load than what broke it is no neighboring place. By hand. */
export const NOT_MONOTONE_APART = 1.25;
/** Of a belief's change in bits, the least chance that a place is taken to have had: one that had none would tell without end. By hand. */
export const LEAST_CHANCE_OF_BITS = 1e-9;

// Labels of difficulty: parts of the safe intensity, but for the last two. By hand, never tuned.

/** An easy one at least. */
export const EASY_FROM = 0.25;
/** An easy one at most. */
export const EASY_UP_TO = 0.5;
/** A medium one that is drawn, at least. */
export const MEDIUM_FROM = 0.55;
/** A medium one at most. */
export const MEDIUM_UP_TO = 0.85;
/** A hard one that is drawn, at least; at most L90. */
export const HARD_FROM = 0.86;
/** An extreme one that is drawn, at least: of L90. */
export const EXTREME_FROM = 1.05;
/** An extreme one that is drawn, at most: of the limit. */
export const EXTREME_UP_TO = 1.5;
/** The largest share that is ever under a fault: an intensity of 1 has no odds. */
export const MOST_SHARE_UNDER_FAULT = 0.999;

// The first look: how the load rises

/** By this the load rises from step to step, in a chirp, a climb and runs for a size. No record; sizes by hand. */
export const STEP_UP = 2;
/** The same where overload is not allowed. No record; sizes by hand. */
export const GENTLE_STEP_UP = 1.15;
/** A step of a chirp takes the longest of these: badness shows only after the latency, and wants requests. No record. */
export const CHIRP_STEP = { leastSeconds: 1.2, latencies: 2, requests: 15 };
/** The same where overload is not allowed. No record. */
export const GENTLE_CHIRP_STEP = { leastSeconds: 1, latencies: 1, requests: 10 };
/** Steps of a chirp at most. By hand: more than any cap wants. */
export const MOST_CHIRP_STEPS = 400;
/** So near to the cap is at it. By hand, never tuned. */
export const AT_CAP = 0.999;
/** The first run starts this many times below the kind's prior; where each takes minutes, nearer. By hand, never tuned. */
export const START_BELOW_PRIOR = { counts: 8, margin: 2 };
/** The first rate keeps a target that works on one request at a time busy for no more than this share of the time. By hand. */
export const START_BUSY_SHARE = 0.5;
/** If one request alone takes longer, the first look is at one, two, four … requests under way, ms. By hand. */
export const SLOW_ALONE_MS = 50;
/** Levels of such a look at most: 1, 2, 4 … requests under way. By hand. */
export const CLOSED_LOOK_LEVELS = 10;
/** A level lasts this many times as long as one request alone, and no less than this. By hand. */
export const CLOSED_LOOK_RESTS = 3;
export const CLOSED_LOOK_LEAST_MS = 500;
/** One slow answer may be chance, if it is not the only one. By hand. */
export const CLOSED_LOOK_CHANCE = 1;
/** With fewer answers than these a level may be slower than the one before by chance. By hand. */
export const CLOSED_LOOK_TELLING = 15;
/** This many such levels in a row tell all the same. By hand. */
export const CLOSED_LOOK_STALLS = 3;
/** Answers grew if there were at least this many times as many a second. By hand. */
export const CLOSED_LOOK_GROWTH = 4 / 3;
/** A chirp broke the objectives at once if it did so below this many times its first rate. No record. */
export const BEGAN_TOO_HIGH = 1.7;
/** A first look that began too high starts this many times lower. No record. */
export const RESTART_LOWER = 12;
/** Unless it began within this many times the floor. No record. */
export const RESTART_ABOVE_FLOOR = 1.05;
/** First looks of a session at most. No record. */
export const MOST_CHIRPS = 4;
/** A ramp that broke at less than what then held ÷ this, without a failure since, was wrong: another begins where it held. By bench/learning. */
export const RAMP_CONTRADICTED = 1.1;
/** Of a service that takes longer than this alone no ramp is run: too many requests would queue, ms. By hand. */
export const RAMP_ALONE_MS = 1_000;
/** A first look takes about this long, as one run that the target ends or as several steps. By hand. */
export const FIRST_LOOK_SECONDS = 10;
/** A step of a climb, where no chirp can be run. No record. */
export const CLIMB_STEP = { leastWarmupSeconds: 1, leastSeconds: 2, latencies: 2 };

// What stops a run

/** Seconds are added up from blocks and may be short by this much. By hand. */
export const SECONDS_SLACK = 0.01;
/** A chirp breaks by its newest requests, at least this many. No record. */
export const HURTING_REQUESTS = 30;
/** And over this long. No record. */
export const HURTING_SECONDS = 0.5;
/** With fewer requests than these in all it does not hurt yet: half of HURTING_REQUESTS. No record. */
export const LEAST_HURTING_REQUESTS = 15;
/** The share of bad requests that breaks a chirp: this many times the allowed share, but between these. No record. */
export const HURTING_SHARE = { least: 0.2, times: 3, most: 0.8 };
/** The same where overload is not allowed. No record. */
export const GENTLE_HURTING_SHARE = { least: 0.1, times: 2, most: 0.8 };
/** Requests in flight break a chirp from this many blocks on. No record. */
export const WAITING_LEAST_BLOCKS = 4;
/** The first of this many parts of a chirp, but two blocks, counts as idle. No record. */
export const WAITING_REST_PARTS = 3;
/** The blocks that are taken to be at rest, at least. No record. */
export const WAITING_REST_BLOCKS = 2;
/** This many times the expected number under way is too many. No record. */
export const WAITING_TIMES = 3;
/** As many as make a mean wait of this part of the latency (Little's law) are too many. No record. */
export const WAITING_LATENCIES = 0.5;
/** Beside that, this many standard deviations of the expected number (Poisson) may be chance. No record. */
export const WAITING_DEVIATIONS = 3;
/** And this many requests. No record. */
export const WAITING_SPARE = 5;
/** This many times too many hurt at once; else twice in a row must do. No record. */
export const WAITING_FAR = 2;

// Which probe is next

/** Of the belief about the limit: chances that it lies below a probe. No record. */
export const PROBE_CHANCES = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9];
/** Beyond its ends, in its widths, for what must still be seen. No record. */
export const PROBE_BEYOND = [0.5, 1, 2];
/** ln: of which this is the least. No record. */
export const PROBE_BEYOND_LEAST = 0.02;
/** An intensity has this many digits. By hand. */
export const INTENSITY_DIGITS = 4;
/** ln: an interval narrower than this is nearly known. No record. */
export const NARROW_INTERVAL = 0.25;
/** Then no probe is shorter: it would say too little. No record (9 before the cells of queues). */
export const NARROW_LEAST_SECONDS = 12;
/** Lengths of its probes. No record. */
export const NARROW_SECONDS = [NARROW_LEAST_SECONDS, 18, 26];
/** And in times the shortest that has enough requests. No record. */
export const NARROW_TIMES = [1, 1.5];
/** Lengths of probes before, in the same times. No record. */
export const WIDE_TIMES = [1, 2, 4];
/** The shortest probe. No record. */
export const PROBE_LEAST_SECONDS = 3;
/** The fewest requests of one. No record. */
export const PROBE_LEAST_REQUESTS = 120;
/** Where overload is not allowed, nothing is tried that fails with a greater chance. The definition (docs/learning.md). */
export const MOST_FAILING = 0.5;
/** That it holds is looked for where it fails with this chance at most. No record. */
export const HOLDING_MOST_FAILING = 0.2;
/** That it fails, where it fails with this chance at least. No record. */
export const FAILING_LEAST_FAILING = 0.8;
/** A bad request costs as much as this much session time. No record. */
export const SECONDS_PER_BAD = 0.01;
/** A second in which everything fails costs at most this many others, however fast the service. No record. */
export const MOST_PER_SECOND = 4;
/** With a larger share of bad requests a probe is stopped early. No record. */
export const STOPPED_SHARE = 0.3;
/** But not before this long. No record. */
export const STOPPED_LEAST_SECONDS = 1.5;
/** What the end of a run takes beside the longest latency. By hand. */
export const DRAIN_SECONDS = 0.1;

// What a probe is expected to tell

/** Borders of its outcomes, in log-odds of the bad share above the allowed one. No record (four outcomes at first). */
export const OUTCOME_BORDERS: readonly number[] = [-2, -1, 0, 1, 2];
/** Means of nine equal parts of a standard normal, about. No record (five points at first). */
export const OUTCOME_NODES: readonly number[] = [-1.71, -0.973, -0.589, -0.283, 0, 0.283, 0.589, 0.973, 1.71];
/** ln: outcomes are worked out so far to both sides of the limit; beyond they are taken to be those of the end. No record. */
export const OUTCOME_REACH = 0.5;
/** Steps of the belief's grid in one of theirs. No record. */
export const OUTCOME_STEPS = 2;
/** Less probable cells are left out. By hand. */
export const NEGLIGIBLE_CELL = 4e-3;
/** Less probable places of the limit are left out. By hand. */
export const NEGLIGIBLE_LIMIT = 1e-4;
/** Rates share their outcomes where they are alike: this many kinds of rate for each factor of e. By hand. */
export const RATES_PER_E = 3;
/** The noise of a bad share is at least that of this many bad requests. By hand. */
export const LEAST_NOISY_BAD = 0.3;

// When a search ends

/** This many probes about the limit are the least to tell how much it scatters. No record. */
export const NEAR_LEAST_RUNS = 5;
/** Or this long there. No record. */
export const NEAR_LEAST_SECONDS = 60;
/** ln: so near is about the limit. No record. */
export const NEAR_LIMIT = 0.15;
/** ln: what held just below is no farther. Without effect while NEAR_LIMIT is nearer; of the time before that was. */
export const HELD_JUST_BELOW = 0.25;
/** ln: what failed just above is no farther. Without effect while NEAR_LIMIT is nearer; of the time before that was. */
export const FAILED_JUST_ABOVE = 0.4;
/** A shorter run is no hold; with its warm-up. By hand. */
export const LEAST_HOLD_SECONDS = 60;
/** A hold takes at least this much beyond its plan and the longest latency. By hand. */
export const AFTER_HOLD_MS = 1_000;
/** Before it the last run drains, and the target recovers. By hand. */
export const AROUND_HOLD_MS = 10_000;
/** This many runs in a row that cannot be judged end a kind: one may be chance. By hand. */
export const MOST_UNDECIDED = 3;
/** The same where runs cannot be shortened. By hand. */
export const MOST_UNDECIDED_LONG = 1;

// What the load generator can send

/** So often a run is repeated because something else had the machine; then the kind ends with what it has. By hand. */
export const MOST_REPEATS = 4;
/** An intensity that is invalid so often is beyond what the generator can send. By hand. */
export const MOST_INVALID = 3;
/** Of an intensity that it cannot send, this part is the most that may be tried. By hand. */
export const PART_OF_CEILING = 0.9;
/** Requests/s where neither the axis nor a run tells them. By hand, never tuned. */
export const UNKNOWN_RATE_PER_SECOND = 100;

// Runs whose outcome is a size (memory): by hand, never tuned, since each takes minutes and no benchmark makes them

/** A limit is wanted to this half width only, as a share. */
export const MARGIN_PRECISION = 0.15;
/** ln: nearer than this to what was tried, another run tells little. */
export const MARGIN_NEAR = 0.02;
/** Runs of one session at most. */
export const MARGIN_MOST_RUNS = 4;
/** The chance that the limit has been passed where its other side is looked for. */
export const MARGIN_OTHER_SIDE = 0.97;
/** A run whose kind does not say how long it takes. */
export const MARGIN_RUN_MS = 60_000;

// What a kind takes, for plans

/** What a kind usually takes, for plans: runs about an unknown limit, and their judged s. By 20 simulated sessions: 100 to 168 s in all, here 148. */
export const PRICE_SEARCH_RUNS = 5;
export const PRICE_SEARCH_SECONDS = 5;
/** Requests that decide a p99, and three standard deviations of a Poisson stream more: how long a run takes at a rate. Arithmetic. */
export const DECIDING_REQUESTS = 360;
/** The same of a limit that was measured lately. By 20 simulated second sessions: 5 to 55 s in all, here 42. */
export const PRICE_CHECKING_RUNS = 2;
export const PRICE_CHECKING_SECONDS = 18;
/** The share of the search that is above the limit; with the failing run 40 s, as in those sessions (13 to 86). */
export const PRICE_ABOVE_SHARE = 0.25;
/** This many runs fail by what they may have and little more, since they are stopped then. By those sessions: 0.3 to 10 s of load. */
export const PRICE_FAILED_RUNS = 2;
/** And a ramp is above the limit for about this long, s. By those sessions. */
export const RAMP_FAILS_SECONDS = 1;
/** Runs of kinds whose runs cannot be shortened. By hand. */
export const PRICE_FIXED_RUNS = 5;
/** The same of those whose outcome is a size: fewer than MARGIN_MOST_RUNS. By hand. */
export const PRICE_MARGIN_RUNS = 3;
/** The share of a session in which it sends, at about its limit. By 20 simulated sessions: 0.75 to 0.9. */
export const PRICE_SENDING_SHARE = 0.8;
/** With less time than this a kind learns nothing worth having. */
export const KIND_LEAST_SECONDS = 60;
/** Between scenarios of fixed length something is drained, and something is prepared before. */
export const AROUND_SCENARIO_MS = 10_000;
