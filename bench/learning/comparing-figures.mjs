/** What docs/comparing.md publishes of bench/results: tables by name. What was not measured is left out. */
import { readResults } from './results.mjs';
import { table } from './tables.mjs';

const ANSWERS = ['worse', 'not_confirmed', 'better', 'same', 'no_evidence', 'not_comparable'];

/** `blocks`: Markdown by name. */
export function comparingFigures() {
  const [pairs, limits, steps] = ['compare', 'compare-limits', 'steps'].map(readResults);
  return {
    page: 'docs/comparing.md',
    blocks: {
      ...(limits ? { limits: limitsTable(limits) } : {}),
      ...(pairs ? { pairs: pairsTable(pairs) } : {}),
      ...(steps ? { steps: stepsTable(steps) } : {}),
    },
    charts: {},
  };
}

function limitsTable({ changes, seeds, first, node }) {
  const shown = ANSWERS.filter((answer) => Object.values(changes).some((one) => one[answer]));
  return `Nine services in virtual time, ${seeds} pairs of sessions of four minutes each (seeds from ${first}, Node ${node}):

${table(
  ['limit of the second session', 'pairs', ...shown.map((answer) => `\`${answer}\``)],
  Object.entries(changes).map(([name, one]) => [name, one.asked, ...shown.map((answer) => one[answer] ?? 0)]),
)}`;
}

function pairsTable({ services, seeds, first, node }) {
  const rows = Object.entries(services).flatMap(([name, { scatter, changes }]) =>
    Object.entries(changes).map(([times, { asked, answers, p95, minutes }]) => [
      `${name}, ×${times}`,
      `${(100 * scatter).toFixed(1)} %`,
      `×${p95.toFixed(3)}`,
      asked,
      ...ANSWERS.slice(0, -1).map((answer) => answers[answer] ?? 0),
      minutes.toFixed(0),
    ]),
  );
  const head = ['service, times as slow', 'scatter of p95 between runs', 'p95 measured', 'asked'];
  const words = ['worse', 'not confirmed', 'better', 'same', 'no evidence', 'minutes, mean'];
  return `${seeds} comparisons of each (seeds from ${first}, Node ${node}):

${table([...head, ...words], rows)}`;
}

function stepsTable({ histories, year }) {
  const share = (count, all) => `${((100 * count) / all).toFixed(1)} %`;
  return `${table(
    ['history', 'drawn', 'marked', 'step found within two sessions'],
    Object.values(histories).map(({ name, count, marked, found }) => [
      name,
      count,
      share(marked, count),
      found === undefined ? '–' : share(found, count),
    ]),
  )}

Of a limit that does not change (noise ${100 * year.noise} %, one session a night), a drop since the last sessions was said ${year.calls} times in ${year.years} years.`;
}
