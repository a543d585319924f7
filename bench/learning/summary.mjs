/** What many sessions come to: one object of figures for each service, shown as a line. */

const sorted = (list) => list.toSorted((a, b) => a - b);

/** The upper one of the two in the middle; null of nothing. */
export const median = (list) => sorted(list)[Math.floor(list.length / 2)] ?? null;
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const within = (list, share) => list.filter(({ ratio }) => Math.abs(Math.log(ratio)) < Math.log(1 + share)).length;

/** Between which values the median of such sessions lies, with 99 % (order statistics of a binomial count). */
function medianBetween(list) {
  const all = sorted(list);
  const reach = 1.29 * Math.sqrt(all.length);
  const at = (place) => all[Math.min(all.length - 1, Math.max(0, place))];
  return [at(Math.floor(all.length / 2 - reach)), at(Math.ceil(all.length / 2 + reach) - 1)];
}

/** Standard error of a mean. */
function errorOf(list) {
  const middle = mean(list);
  return Math.sqrt(list.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (list.length - 1) / list.length);
}

/** How often each word occurs. */
export function countsOf(words) {
  return Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((one) => one === word).length]));
}

/** Figures of some sessions. `bad`: their geometric mean; `width`: half the interval, in per cent; `known`, `covered`, `within…`: how many. */
export function summaryOf(results) {
  const estimated = results.filter(({ ratio }) => ratio !== null);
  const judged = results.filter(({ safeFails }) => safeFails !== null);
  return {
    sessions: results.length,
    known: results.filter(({ status }) => status === 'known').length,
    knownIn240: results.filter(({ status, seconds }) => status === 'known' && seconds <= 240).length,
    roughSeconds: median(results.map(({ firstSeconds }) => firstSeconds ?? Infinity)),
    bands: results.filter(({ coveredBand }) => coveredBand).length,
    bandsHeld: [0, 1].map((i) => results.filter(({ coveredBand }) => coveredBand?.[i]).length),
    statuses: countsOf(results.map(({ status }) => status)),
    seconds: median(results.map((one) => one.seconds)),
    secondsBetween: medianBetween(results.map((one) => one.seconds)),
    seconds90: sorted(results.map((one) => one.seconds))[Math.floor(results.length * 0.9)],
    covered: results.filter(({ covered }) => covered).length,
    doubted: results.filter(({ doubted }) => doubted).length,
    missedSurely: results.filter(({ covered, doubted, status }) => status === 'known' && !covered && !doubted).length,
    ...(results.every(({ coveredThen }) => coveredThen !== undefined)
      ? {
          coveredThen: results.filter((one) => one.coveredThen).length,
          coveredLast: results.filter((one) => one.coveredLast).length,
        }
      : {}),
    within5: within(estimated, 0.05),
    within10: within(estimated, 0.1),
    width: median(estimated.map(({ low, high }) => 50 * Math.log(high / low))),
    bias: estimated.length > 0 ? mean(estimated.map(({ ratio }) => Math.log(ratio))) : null,
    bad: Math.exp(mean(results.map(({ bad }) => Math.log(bad + 1)))),
    peak: Math.max(...results.map(({ peak }) => peak)),
    safe: median(judged.map(({ safe }) => safe)),
    held: results.filter(({ held }) => held).length,
    safeFails: judged.length > 0 ? mean(judged.map(({ safeFails }) => safeFails)) : null,
    safeFailsError: judged.length > 1 ? errorOf(judged.map(({ safeFails }) => safeFails)) : null,
  };
}

const fixed = (value, digits, width = 0) => (value === null ? '–' : value.toFixed(digits)).padStart(width);

export function lineOf(label, one) {
  const percent = (count) => (100 * count) / one.sessions;
  return [
    `${label.slice(0, 38).padEnd(38)} ${fixed(one.seconds, 0, 4)} s (90 %: ${fixed(one.seconds90, 0, 4)})`,
    `covers ${fixed(percent(one.covered), 1, 5)}`,
    ...(one.coveredThen === undefined
      ? []
      : [`(what it was then ${fixed(percent(one.coveredThen), 1)}, at the end ${fixed(percent(one.coveredLast), 1)})`]),
    `in5 ${fixed(percent(one.within5), 0, 3)}`,
    `in10 ${fixed(percent(one.within10), 0, 3)}`,
    `±${fixed(one.width, 1)}`,
    `bias ${fixed(one.bias === null ? null : 100 * one.bias, 1, 5)} %`,
    `bad ${fixed(one.bad, 0, 6)}`,
    `peak ${fixed(one.peak, 1)}`,
    `safe ${fixed(one.safe, 2)} fails ${fixed(one.safeFails === null ? null : 100 * one.safeFails, 0)} %`,
    ...(one.held > 0 ? [`held ${fixed(percent(one.held), 0)} %`] : []),
    `rough in ${fixed(one.roughSeconds, 0)} s`,
    ...(one.bands > 0
      ? [
          `varies ${fixed(percent(one.bands), 0)} % (L10 holds ${one.bandsHeld[0]}, L90 ${one.bandsHeld[1]} of ${one.bands})`,
        ]
      : []),
    `known ${fixed(percent(one.known), 0)} in 240 s ${fixed(percent(one.knownIn240), 0)} doubted ${fixed(percent(one.doubted), 0)} missed undoubted ${fixed(percent(one.missedSurely), 1)}`,
  ].join('  ');
}
