/** Results as tables in Markdown, as docs/learning.md shows them. */

/** Rows under a head as Markdown. */
export const table = (head, rows) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;

/** `rows`: a name and what summary.mjs says of it. */
export function serviceTable(rows) {
  const head = ['service', 'seconds to the end, median', '90 % of sessions', 'interval holds the truth', 'within 5 %'];
  const count = (value, { sessions }) => `${percent(value / sessions)} (${value} of ${sessions})`;
  return table(
    [...head, 'misses it without a doubt', 'runs of 300 s at `safe` that fail'],
    rows.map(([name, one]) => [
      name,
      one.seconds.toFixed(0),
      one.seconds90.toFixed(0),
      count(one.covered, one),
      count(one.within5, one),
      one.missedSurely,
      one.safeFails === null ? '–' : percent(one.safeFails, 0),
    ]),
  );
}

/** One row for each search. */
export function searchTable(rows) {
  const head = ['search', 'seconds, median', '90 %', 'holds the truth', 'within 5 %', 'within 10 %', 'bad requests'];
  return table(
    head,
    rows.map(([name, one]) => [
      name,
      one.seconds.toFixed(0),
      one.seconds90.toFixed(0),
      ...[one.covered, one.within5, one.within10].map((count) => percent(count / one.sessions)),
      Math.round(one.bad).toLocaleString('en'),
    ]),
  );
}

/** One row for each tenth of the predicted chance, and one for all: a bias that no tenth shows alone is seen there. */
export function calibrationTable(tenths) {
  const total = (value) => tenths.reduce((sum, tenth) => sum + value(tenth), 0);
  const runs = total((tenth) => tenth.runs);
  const predicted = total((tenth) => tenth.predicted * tenth.runs) / runs;
  return table(
    ['predicted', 'runs', 'of them failed', '99 % band of ±10 %', 'within it'],
    [
      ...tenths.map(({ predicted, runs, failed, least, most, holds }) => [
        percent(predicted),
        runs,
        percent(failed / runs),
        `${percent(least / runs)}–${percent(most / runs)}`,
        holds ? 'yes' : 'no',
      ]),
      [`all: ${percent(predicted)}`, runs, percent(total(({ failed }) => failed) / runs), '', ''],
    ],
  );
}

/** One row for each target on real sockets, with every session's figures. */
export function socketTable(targets) {
  return table(
    ['target', 'limit', 'status', 'seconds', 'found ÷ limit', 'holds it', 'within 7 %', 'budget kept'],
    Object.entries(targets).map(([name, { truth, sessions }]) => [
      name,
      truth,
      [...new Set(sessions.map(({ status }) => status))].join(', '),
      sessions.map(({ seconds }) => seconds.toFixed(0)).join(', '),
      sessions.map(({ ratio }) => ratio?.toFixed(3) ?? '–').join(', '),
      ...['holds', 'within', 'budgetKept'].map(
        (field) => `${sessions.filter((one) => one[field]).length} of ${sessions.length}`,
      ),
    ]),
  );
}

/** One row for each service: a second session on the same target, and on one that became slower. */
export function warmTable(rows) {
  const figures = ({ seconds, covered, within5, sessions }) => [
    seconds.toFixed(0),
    `${covered} of ${sessions}`,
    `${within5} of ${sessions}`,
  ];
  const all = (name) => {
    const list = rows.map((row) => row[name]);
    const sum = (value) => list.reduce((total, one) => total + one[value], 0);
    const middle = list.map(({ seconds }) => seconds).toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
    return { seconds: middle, covered: sum('covered'), within5: sum('within5'), sessions: sum('sessions') };
  };
  return table(
    [
      'service',
      'unchanged: seconds',
      'holds the truth',
      'within 5 %',
      'its limit fell by',
      'seconds',
      'holds the truth',
      'within 5 %',
    ],
    [
      ...rows.map(({ name, fell, same, slower }) => [name, ...figures(same), percent(-fell), ...figures(slower)]),
      ['all (seconds: of medians)', ...figures(all('same')), '', ...figures(all('slower'))],
    ],
  );
}

/** One row for each session, the first from nothing. */
export function againTable(rows) {
  return table(
    [
      'session',
      'seconds, median',
      'holds the limit of its minutes',
      'of any time',
      'says it changed',
      'or is unsteady',
    ],
    rows.map(({ seconds, sessions, ...counts }, i) => [
      i + 1,
      seconds.toFixed(0),
      ...['holdsThen', 'holdsEver', 'changed', 'unsteady'].map((field) => `${counts[field]} of ${sessions}`),
    ]),
  );
}

/** One row for each service: how many predicted response times were inside their band. */
export function latencyTable(rows) {
  const share = (value) => (value === null ? '–' : percent(value, 0));
  return table(
    ['service', 'inside the band', 'of p50', 'of p95', 'of p99', 'at 90 % of the limit', 'half width, median'],
    rows.map(({ name, inside, p50, p95, p99, nearLimit, halfWidth }) => [
      name,
      ...[inside, p50, p95, p99, nearLimit].map(share),
      halfWidth === null ? '–' : `±${percent(halfWidth, 0)}`,
    ]),
  );
}

/** One row for each service: runs at what is called safe, without a hold and with one. */
export function holdTable(without, withHold) {
  const fails = ({ safeFails }) => (safeFails === null ? '–' : percent(safeFails, 0));
  return table(
    [
      'service',
      '300 s runs at `safe` that fail',
      'after a soak of 5 min',
      '`safe`, of the limit',
      'after a soak',
      'held',
    ],
    Object.keys(withHold)
      .filter((name) => name in without)
      .map((name) => {
        const [before, after] = [without[name], withHold[name]];
        return [
          name,
          fails(before),
          fails(after),
          before.safe.toFixed(2),
          after.safe.toFixed(2),
          `${after.held} of ${after.sessions}`,
        ];
      }),
  );
}
