/** The truth of a simulated service: the chance that a fresh run of H seconds fails, as a logistic in ln intensity, from ≥ 500 runs a load. */
import { freshRun } from './runner.mjs';

/** {l50, scale, low, high, loads: [[intensity, failed, runs], …]} for runs of `seconds`. */
export function findTruth(definition, { seconds, runs, seed = 1 }) {
  let next = seed * 1e6;
  const failing = (intensity, count) => {
    let failed = 0;
    for (let i = 0; i < count; i += 1)
      if (!freshRun(definition, { seed: (next += 1), intensity, seconds })) failed += 1;
    return failed;
  };
  let low = definition.guess / 2;
  let high = definition.guess * 1.5;
  while (failing(low, 9) > 2) low /= 1.5;
  while (failing(high, 9) < 7) high *= 1.4;
  for (let step = 0; step < 5; step += 1) {
    const middle = Math.sqrt(low * high);
    const failed = failing(middle, 21);
    if (failed <= 6) low = middle;
    else if (failed >= 15) high = middle;
    else {
      low = Math.sqrt(low * middle);
      high = Math.sqrt(high * middle);
    }
  }
  // Loads around the bracket, then again around the first fit, so that they lie in the band.
  let fit = { l50: Math.sqrt(low * high), scale: Math.max(0.004, Math.log(high / low) / 4) };
  const rough = around(fit, [-2.5, -1.2, 0, 1.2, 2.5]).map((x) => [x, failing(x, 60), 60]);
  fit = logistic(rough, fit);
  const loads = around(fit, [-3, -2, -1, 0, 1, 2, 3]).map((x) => [x, failing(x, runs), runs]);
  fit = logistic([...loads], fit);
  return { ...fit, loads };
}

const around = ({ l50, scale }, places) => places.map((place) => l50 * Math.exp(place * scale));

/** Maximum likelihood of a logistic in ln x, by a shrinking search on (ln l50, ln scale). */
function logistic(loads, from) {
  let best = [Math.log(from.l50), Math.log(from.scale)];
  let step = [2 * from.scale, 0.7];
  const cost = ([m, s]) => {
    let sum = 0;
    for (const [x, failed, runs] of loads) {
      const p = 1 / (1 + Math.exp(-(Math.log(x) - m) / Math.exp(s)));
      sum -= failed * Math.log(Math.max(p, 1e-9)) + (runs - failed) * Math.log(Math.max(1 - p, 1e-9));
    }
    return sum + 0.05 * (s - Math.log(from.scale)) ** 2;
  };
  for (let round = 0; round < 60; round += 1) {
    let improved = false;
    for (const [i, j] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      const tried = [best[0] + i * step[0], best[1] + j * step[1]];
      if (cost(tried) < cost(best)) {
        best = tried;
        improved = true;
      }
    }
    if (!improved) step = step.map((one) => one / 2);
  }
  return { l50: Math.exp(best[0]), scale: Math.exp(best[1]) };
}
