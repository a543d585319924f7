/** The table of what was published before and what `train()` gives. */
import { OTHERS_EARLIER, SEARCHED_EARLIER, SEARCHES_EARLIER, SERVICES_EARLIER, SESSIONS_EARLIER } from './earlier.mjs';
import { table } from './tables.mjs';

/** Below this chance of as large a difference, were nothing different, a cause is looked for. */
const NOISE = 0.01;
const POOLED = 'nine regular';

/** Causes of what differs by more than chance. */
const CAUSES = {
  'connection-limited': 'one request takes 100 ms, so the first look is by requests under way and not by a rising rate',
};

/** A row for each service or search: what was published before → what is now, and why they differ where they do. */
export function comparison({ learner, pooled, calibration, warm }) {
  const services = Object.entries(SERVICES_EARLIER).map(([name, [seconds, , holds, near, misses, fails]]) => {
    const now = learner.groups[name];
    const share = (what, before, count) => shareCell(what, [before, SESSIONS_EARLIER], [count, now.sessions]);
    return rowOf(name, [
      secondsCell(seconds, now),
      share('contains', holds, now.covered),
      share('within 5 %', near, now.within5),
      misses === null ? NONE : share('misses', misses, now.missedSurely),
      fails === null ? NONE : failsCell(fails, now),
    ]);
  });
  const searches = pooled.flatMap(({ name, groups }) => {
    const earlier = SEARCHES_EARLIER[name];
    if (earlier === undefined) return [];
    const [seconds, , holds, near, nearer] = earlier;
    const now = groups[POOLED];
    const share = (what, before, count) =>
      shareCell(what, [Math.round((before / 100) * SEARCHED_EARLIER), SEARCHED_EARLIER], [count, now.sessions]);
    return [
      rowOf(name, [
        secondsCell(seconds, now),
        share('contains', holds, now.covered),
        share('within 5 %', near, now.within5),
        share('within 10 %', nearer, now.within10),
      ]),
    ];
  });
  const others = Object.entries(othersNow({ calibration, warm })).map(([name, counts]) =>
    rowOf(name, [shareCell('', OTHERS_EARLIER[name], counts)]),
  );
  return [
    table(
      [
        'service',
        'seconds',
        'contains the limit, %',
        'within 5 %',
        'misses without a doubt, %',
        '300 s runs at `safe` that fail, %',
        'cause',
      ],
      services,
    ),
    table(['search', 'seconds', 'contains the limit, %', 'within 5 %', 'within 10 %', 'cause'], searches),
    table(['other figures', 'before → now, %', 'cause'], others),
  ].join('\n\n');
}

/** A cell is what it shows and, where the figures differ, why. */
const NONE = { shown: '–', why: '' };

function rowOf(name, cells) {
  const whys = cells.map(({ why }) => why).filter((why) => why !== '');
  const causes = whys.map((why) => (why === UNKNOWN ? (CAUSES[name] ?? 'not looked into') : why));
  return [name, ...cells.map(({ shown }) => shown), [...new Set(causes)].join('; ')];
}

/** Something differs by more than chance. */
const UNKNOWN = 'beyond chance';

/** The median before, and now with where it lies in 99 % of such samples. */
function secondsCell(before, { seconds, secondsBetween: [low, high] }) {
  const why = Math.abs(seconds - before) <= 2 ? '' : low <= before && before <= high ? 'seconds within noise' : UNKNOWN;
  return { shown: `${before} → ${seconds.toFixed(0)} (${low.toFixed(0)}–${high.toFixed(0)})`, why };
}

function shareCell(what, before, now) {
  const [was, is] = [before, now].map(([count, of]) => (100 * count) / of);
  const chance = fisher(before, now);
  const why = Math.abs(was - is) <= 2 ? '' : chance >= NOISE ? `${what} p = ${chance.toFixed(2)}`.trim() : UNKNOWN;
  return { shown: `${was.toFixed(1)} → ${is.toFixed(1)}`, why };
}

/** A mean of chances: its error counts for more than that of the five times as many sessions before. */
function failsCell(before, { safeFails, safeFailsError }) {
  const now = 100 * safeFails;
  const error = 100 * safeFailsError * Math.sqrt(1 + 1 / 5);
  const isNoise = Math.abs(now - before) < 2.6 * error;
  const why = Math.abs(now - before) <= 2 ? '' : isNoise ? `fails ±${error.toFixed(1)} by chance` : UNKNOWN;
  return { shown: `${before} → ${now.toFixed(1)}`, why };
}

function othersNow({ calibration, warm }) {
  const sum = (list, value) => list.reduce((total, one) => total + value(one), 0);
  const of = (change) => [
    sum(warm.services, (one) => one[change].covered),
    sum(warm.services, (one) => one[change].sessions),
  ];
  return {
    ...(warm === null
      ? {}
      : {
          'intervals that contain the limit, second session, unchanged': of('same'),
          'the same, slower': of('slower'),
        }),
    ...(calibration === null
      ? {}
      : {
          'runs that fail, of those predicted to by half': [
            sum(calibration.pooled, ({ failed }) => failed),
            sum(calibration.pooled, ({ runs }) => runs),
          ],
        }),
  };
}

/** The chance of two shares as different as these, were they of one kind (Fisher's exact test, two-sided). */
function fisher([a, n], [b, m]) {
  const all = a + b;
  const logs = [0];
  for (let i = 1; i <= n + m; i += 1) logs.push(logs[i - 1] + Math.log(i));
  const choose = (of, k) => logs[of] - logs[k] - logs[of - k];
  const log = (k) => choose(n, k) + choose(m, all - k) - choose(n + m, all);
  const seen = log(a);
  let chance = 0;
  for (let k = Math.max(0, all - m); k <= Math.min(n, all); k += 1)
    if (log(k) <= seen + 1e-9) chance += Math.exp(log(k));
  return Math.min(1, chance);
}
