/**
 * The truth of a simulated service: the chance that a fresh run of H seconds fails, from ≥ 500 runs a load, as a skewed logistic in ln intensity,
 * 1 − (1 + e^z)^−skew (Richards 1959). Of a service with pauses one run in ten fails 9 % below the limit, and all do 8 % above it: the middle of a
 * symmetric curve lay 0.6 % below the place where half of the runs fail.
 */
import { freshRun } from './session.mjs';

/** The least and the greatest skew. Above 1 the chance rises slowly and ends abruptly, below 1 the other way; 20 is as good as Gumbel's distribution. */
const SKEWS = [0.3, 20];

/** Whether a fresh run breaks the objectives. */
export async function fails(definition, run) {
  return (await freshRun(definition, run)).verdict === 'failed';
}

/** Counts how many of some fresh runs fail at an intensity; each run has a seed of its own. */
function failuresOf(definition, { seconds, seed }) {
  let next = seed * 1e6;
  return async (intensity, count) => {
    let failed = 0;
    for (let i = 0; i < count; i += 1)
      if (await fails(definition, { seed: (next += 1), intensity, seconds })) failed += 1;
    return failed;
  };
}

/** {l50, scale, skew, loads: [[intensity, failed, runs], …]} for runs of `seconds`. */
export async function findTruth(definition, { seconds, runs, seed = 1 }) {
  const failing = failuresOf(definition, { seconds, seed });
  let low = definition.guess / 2;
  let high = definition.guess * 1.5;
  while ((await failing(low, 9)) > 2) low /= 1.5;
  while ((await failing(high, 9)) < 7) high *= 1.4;
  for (let step = 0; step < 5; step += 1) {
    const middle = Math.sqrt(low * high);
    const failed = await failing(middle, 21);
    if (failed <= 6) low = middle;
    else if (failed >= 15) high = middle;
    else {
      low = Math.sqrt(low * middle);
      high = Math.sqrt(high * middle);
    }
  }
  // Loads around the bracket, then again around the first fit, so that they lie in the band.
  let fit = { l50: Math.sqrt(low * high), scale: Math.max(0.004, Math.log(high / low) / 4) };
  const at = async (places, count) => {
    const loads = [];
    for (const x of around(fit, places)) loads.push([x, await failing(x, count), count]);
    return loads;
  };
  const rough = await at([-2.5, -1.2, 0, 1.2, 2.5], 60);
  fit = fitted(rough, fit);
  return refitted({ loads: await at([-3, -2, -1, 0, 1, 2, 3], runs) });
}

/** Loads at which the curve of a service of a family is measured. */
const CURVE_LOADS = 13;

/**
 * {l50, l10, l90, loads} for runs of `seconds`, of a service whose chance of failing follows no known curve: measured at loads from the highest at which
 * none of 12 fails to the lowest at which all do, and made monotone (isotonic regression, Ayer et al. 1955).
 */
export async function findCurve(definition, { seconds, runs, seed = 1 }) {
  const failing = failuresOf(definition, { seconds, seed });
  let low = definition.guess;
  let high = definition.guess;
  while ((await failing(low, 12)) > 0) low /= 1.12;
  while ((await failing(high, 12)) < 12) high *= 1.12;
  const loads = [];
  for (let i = 0; i < CURVE_LOADS; i += 1) {
    const intensity = low * (high / low) ** (i / (CURVE_LOADS - 1));
    loads.push([intensity, await failing(intensity, runs), runs]);
  }
  return { ...curveOf(loads), loads };
}

/** Where a tenth, a half and nine tenths of the runs fail. */
function curveOf(loads) {
  const at = (share) => {
    const curve = monotone(loads);
    const above = curve.findIndex(([, chance]) => chance >= share);
    if (above <= 0) return curve.at(above)[0];
    const [[x, p], [y, q]] = [curve[above - 1], curve[above]];
    return x * (y / x) ** ((share - p) / (q - p));
  };
  return { l50: at(0.5), l10: at(0.1), l90: at(0.9) };
}

/** [intensity, chance] without a step down: neighbors that are out of order share their mean. */
function monotone(loads) {
  const pools = [];
  for (const [intensity, failed, runs] of loads) {
    pools.push({ places: [intensity], failed, runs });
    while (pools.length > 1 && pools.at(-2).failed / pools.at(-2).runs > pools.at(-1).failed / pools.at(-1).runs) {
      const last = pools.pop();
      const { places, failed: f, runs: r } = pools.pop();
      pools.push({ places: [...places, ...last.places], failed: f + last.failed, runs: r + last.runs });
    }
  }
  return pools.flatMap(({ places, failed: f, runs: r }) => places.map((place) => [place, f / r]));
}

/** The truth by loads that were run. */
export function refitted({ loads }) {
  const places = loads.map(([x]) => Math.log(x));
  const middle = Math.exp(places.reduce((sum, one) => sum + one, 0) / loads.length);
  return { ...fitted(loads, { l50: middle, scale: (places.at(-1) - places[0]) / 6 }), loads };
}

/** Where a tenth and nine tenths of the runs fail. */
export function bandOf(truth) {
  if (truth.l10 !== undefined) return [truth.l10, truth.l90];
  return [0.1, 0.9].map((share) => {
    let [low, high] = [truth.l50 / 4, truth.l50 * 4];
    for (let i = 0; i < 40; i += 1) {
      const middle = Math.sqrt(low * high);
      if (chanceAt(truth, middle) > share) high = middle;
      else low = middle;
    }
    return low;
  });
}

/** The chance that a fresh run fails. `l50` is where it is one half. */
export function chanceAt({ l50, scale, skew, loads }, intensity) {
  if (scale === undefined) return chanceOnCurve(monotone(loads), intensity);
  const z = Math.log(intensity / l50) / scale + Math.log(2 ** (1 / skew) - 1);
  return -Math.expm1(-skew * Math.log1p(Math.exp(z)));
}

function chanceOnCurve(curve, intensity) {
  const above = curve.findIndex(([place]) => place >= intensity);
  if (above <= 0) return curve.at(above)[1];
  const [[x, p], [y, q]] = [curve[above - 1], curve[above]];
  return p + ((q - p) * Math.log(intensity / x)) / Math.log(y / x);
}

const around = ({ l50, scale }, places) => places.map((place) => l50 * Math.exp(place * scale));

/** Maximum likelihood of l50, scale and skew, by a shrinking search on their logarithms; a skew wants evidence. */
function fitted(loads, from) {
  let best = [Math.log(from.l50), Math.log(from.scale), 0];
  let step = [2 * from.scale, 0.7, 0.7];
  const cost = ([l50, scale, skew]) => {
    const truth = { l50: Math.exp(l50), scale: Math.exp(scale), skew: Math.exp(skew) };
    if (truth.skew < SKEWS[0] || truth.skew > SKEWS[1]) return Infinity;
    let sum = 0.05 * (scale - Math.log(from.scale)) ** 2 + 0.05 * skew ** 2;
    for (const [x, failed, runs] of loads) {
      const p = chanceAt(truth, x);
      sum -= failed * Math.log(Math.max(p, 1e-9)) + (runs - failed) * Math.log(Math.max(1 - p, 1e-9));
    }
    return sum;
  };
  for (let round = 0; round < 400 && step[0] > 1e-7; round += 1) {
    const tried = best.flatMap((_, i) => [1, -1].map((sign) => best.with(i, best[i] + sign * step[i])));
    const better = tried.find((one) => cost(one) < cost(best));
    if (better) best = better;
    else step = step.map((one) => one / 2);
  }
  return { l50: Math.exp(best[0]), scale: Math.exp(best[1]), skew: Math.exp(best[2]) };
}
