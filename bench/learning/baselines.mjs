/** Searches without a belief, each as `search(session, options)` → the bracket that it claims. Sessions are of session.mjs. */

const bracket = (low, high) => ({ status: 'known', estimate: Math.sqrt(low * high), low, high, safe: low });
/** Where a search that knows nothing begins, requests/s. */
const startOf = ({ definition }) => (definition.guess < 100 ? 2 : 20);

/** Double until it fails, then bisect to the asked width. */
const bisect =
  (seconds) =>
  async (session, { budget = 1500, precision = 0.05 } = {}) => {
    let low = startOf(session);
    let high = null;
    let rate = low;
    while (session.seconds() < budget && (high === null || Math.log(high / low) > 2 * Math.log(1 + precision))) {
      if (await session.fails(rate, seconds)) high = rate;
      else low = rate;
      rate = high === null ? rate * 2 : Math.sqrt(low * high);
    }
    return bracket(low, high ?? low * 2);
  };

/** Steps of 5 % of the rate that it was told until one fails. */
const linear =
  (seconds) =>
  async (session, { budget = 3000 } = {}) => {
    const step = session.definition.guess * 0.05;
    let rate = step;
    while (session.seconds() < budget && !(await session.fails(rate, seconds))) rate += step;
    return bracket(rate - step, rate);
  };

/** AIMD goes down to this share when a window fails (the factor of CUBIC, RFC 9438). */
const DECREASE = 0.7;
const WINDOW_SECONDS = 5;
const LAST_FAILURES = 4;

/**
 * Additive increase, multiplicative decrease (Chiu and Jain, 1989) on windows of 5 s. It doubles until a window fails, and then goes up by steps
 * that are `precision` of half that rate. Its bracket: from the lowest to the highest rate at which the last four windows failed (the one that
 * ended the doubling is none of them), and one step lower, where as a rule a window had just passed.
 */
const aimd = async (session, { budget = 1500, precision = 0.05 } = {}) => {
  let rate = startOf(session);
  while (session.seconds() < budget && !(await session.fails(rate, WINDOW_SECONDS))) rate *= 2;
  const step = (precision * rate) / 2;
  const failures = [];
  rate *= DECREASE;
  while (session.seconds() < budget && failures.length < LAST_FAILURES) {
    if (await session.fails(rate, WINDOW_SECONDS)) {
      failures.push(rate);
      rate *= DECREASE;
    } else rate += step;
  }
  return failures.length > 0
    ? bracket(Math.min(...failures) - step, Math.max(...failures))
    : bracket(rate, rate / DECREASE);
};

/**
 * Targets of the search like MLRsearch (RFC 9971), in the order in which they are reached. Two goals, of 10 s and of 30 s; a trial is of high loss
 * when any clause has more bad requests than its share. Before the first goal come shorter trials and twice the width each, from 1 s.
 */
const mlrTargets = (width) => [
  { seconds: 1, width: 4 * width },
  { seconds: Math.sqrt(10), width: 2 * width },
  { seconds: 10, width },
  { seconds: 30, width },
];

/**
 * A search like MLRsearch: no line rate is known here, so it doubles from below instead of beginning there. Its bracket: the relevant bounds of the
 * goal of 30 s, at most `precision` apart, relative to the upper.
 */
const mlr = async (session, { budget = 1500, precision = 0.05 } = {}) => {
  const trials = new Map();
  let before = { lower: startOf(session), upper: null };
  for (const target of mlrTargets(precision)) {
    const widest = -Math.log(1 - target.width);
    let reach = widest;
    for (;;) {
      const found = relevantBounds(trials, target.seconds);
      if (session.seconds() >= budget || isNarrow(found, widest)) {
        before = { lower: found.lower ?? before.lower, upper: found.upper ?? before.upper };
        break;
      }
      const { load, beyond } = nextLoad(found, before, { widest, reach });
      if (beyond) reach *= 2;
      const trial = { seconds: target.seconds, high: await session.fails(load, target.seconds) };
      trials.set(load, [...(trials.get(load) ?? []), trial]);
    }
  }
  return bracket(before.lower, before.upper ?? before.lower * 2);
};

const isNarrow = ({ lower, upper }, widest) =>
  lower !== null && upper !== null && Math.log(upper / lower) <= widest + 1e-9;

/** The middle of what a shorter target found, its bounds, then beyond them, each time further; at last the middle of the bounds. */
function nextLoad({ lower, upper }, before, { widest, reach }) {
  if (lower !== null && upper !== null) return { load: Math.sqrt(lower * upper) };
  if (lower === null && upper === null)
    return {
      load: before.upper === null || isNarrow(before, widest) ? before.lower : Math.sqrt(before.lower * before.upper),
    };
  if (lower === null)
    return before.lower < upper ? { load: before.lower } : { load: upper * Math.exp(-reach), beyond: true };
  if (before.upper === null) return { load: lower * 2 };
  return before.upper > lower ? { load: before.upper } : { load: lower * Math.exp(reach), beyond: true };
}

/** The smallest load that is an upper bound, and the largest below it that is a lower one. */
function relevantBounds(trials, seconds) {
  const loads = [...trials.keys()].toSorted((a, b) => a - b);
  const classes = loads.map((load) => classOf(trials.get(load), seconds));
  const first = classes.indexOf('upper');
  const last = classes.lastIndexOf('lower', first === -1 ? Infinity : first);
  return { lower: loads[last] ?? null, upper: loads[first] ?? null };
}

/** A load by the sums of its trials' durations (RFC 9971, load classification): duration sum one trial, exceed ratio ½. */
function classOf(trials, seconds) {
  const sum = (test) => trials.filter(test).reduce((total, trial) => total + trial.seconds, 0);
  const isFull = (trial) => trial.seconds >= seconds;
  const shortLow = sum((trial) => !isFull(trial) && !trial.high);
  const shortHigh = sum((trial) => !isFull(trial) && trial.high);
  const high = sum((trial) => isFull(trial) && trial.high) + Math.max(0, shortHigh - shortLow);
  const known = high + sum((trial) => isFull(trial) && !trial.high);
  const whole = Math.max(known, seconds);
  if (high > whole / 2) return 'upper';
  return high + whole - known <= whole / 2 ? 'lower' : 'undecided';
}

/** By name. */
export const BASELINES = {
  'bisect-10': bisect(10),
  'bisect-30': bisect(30),
  'linear-10': linear(10),
  aimd,
  mlr,
};
