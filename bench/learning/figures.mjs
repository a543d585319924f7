/** What docs/learning.md publishes of bench/results: tables by name, and a chart. What was not measured is left out. */
import { dotChart } from './charts.mjs';
import { readResults } from './results.mjs';
import {
  againTable,
  calibrationTable,
  holdTable,
  latencyTable,
  searchTable,
  serviceTable,
  socketTable,
  warmTable,
} from './tables.mjs';

/** The learner comes last: it is drawn on top. */
const SEARCHES = {
  'linear-10': '#94a3b8',
  aimd: '#7c3aed',
  'bisect-10': '#2563eb',
  'bisect-30': '#0891b2',
  mlr: '#15803d',
  learner: '#d97706',
};
const POOLED = 'nine regular';
const GROUPS = [POOLED, 'held out', 'hard ones', 'means'];

/** `blocks`: Markdown by name; `charts`: SVG by file. */
export function learningFigures() {
  const results = Object.keys(SEARCHES).flatMap((name) => {
    const kept = readResults(name);
    return kept === null ? [] : [{ name, ...kept }];
  });
  const learner = results.find(({ name }) => name === 'learner');
  const pooled = results.filter(({ groups }) => groups[POOLED]).toReversed();
  const [calibration, warm, again, latency] = ['calibration', 'warm', 'again', 'latency'].map(readResults);
  const [without, withHold, sockets] = ['hold-0', 'hold-300', 'sockets'].map(readResults);
  return {
    page: 'docs/learning.md',
    blocks: {
      learner: learnerText(learner),
      more: moreText(readResults('precision-10'), readResults('generated')),
      searches: `${pooled.map((one) => `\`${one.name}\`: ${seedsOf(one)}`).join('; ')}.\n\n${searchTable(pooled.map(({ name, groups }) => [name, groups[POOLED]]))}`,
      ...(withHold ? { hold: `${settingsOf(withHold)}\n\n${holdTable(without.groups, withHold.groups)}` } : {}),
      ...(warm ? { warm: `${settingsOf(warm)}\n\n${warmTable(warm.services)}` } : {}),
      ...(again ? { again: `${settingsOf(again)}\n\n${againTables(again.services)}` } : {}),
      ...(calibration ? { calibration: `${settingsOf(calibration)}\n\n${calibrationTable(calibration.pooled)}` } : {}),
      ...(latency ? { latency: `${settingsOf(latency)}\n\n${latencyTable(latency.services)}` } : {}),
      ...(sockets ? { sockets: socketTable(sockets.targets) } : {}),
    },
    charts: { 'docs/images/learning.svg': chartOf(results) },
  };
}

function learnerText(learner) {
  const { cost, groups } = learner;
  const sessions = Object.entries(groups).reduce(
    (sum, [name, one]) => sum + (GROUPS.includes(name) ? 0 : one.sessions),
    0,
  );
  const { coveredThen, coveredLast, sessions: drifting } = groups['slow drift'];
  const share = (count) => `${((100 * count) / drifting).toFixed(1)} %`;
  return `${settingsOf(learner)} A session takes ${(cost.cpuSeconds / sessions).toFixed(1)} s of it, the simulated service included.

${serviceTable(Object.entries(groups))}

- Of the intervals of _slow drift_, ${share(coveredThen)} (${coveredThen} of ${drifting}) contain the limit of the session's own minutes, and ${share(coveredLast)} the limit of its last half minute.`;
}

/** Figures of whole groups, in a sentence each. */
function moreText(wide, generated) {
  const said = ({ seconds, covered, sessions }) =>
    `${seconds.toFixed(0)} s, and ${((100 * covered) / sessions).toFixed(1)} % of the intervals contain the true limit (${covered} of ${sessions})`;
  return [
    ...(wide ? [`- To ±10 % the nine regular services (${seedsOf(wide)}) take ${said(wide.groups[POOLED])}.`] : []),
    ...(generated
      ? [
          `- 80 services drawn at random, with which nothing was chosen (\`--generated 41-120\`, ${seedsOf(generated)}), take ${said(generated.groups.generated)}.`,
        ]
      : []),
  ].join('\n');
}

const seedsOf = ({ seeds, first }) => `${seeds} ${seeds === 1 ? 'seed' : 'seeds'} from ${first}`;

/** How often, and what it cost. */
function settingsOf(kept) {
  const { cpuSeconds } = kept.cost;
  return `Of each service ${seedsOf(kept)}; ${Math.round(cpuSeconds / 60)} min of CPU time in all.`;
}

function againTables(services) {
  return Object.entries(services)
    .map(([name, rows]) => `_${name}_\n\n${againTable(rows)}`)
    .join('\n\n');
}

function chartOf(results) {
  const rows = Object.keys(results[0].groups).filter(
    (name) => results.every(({ groups }) => groups[name]) && (name === POOLED || !GROUPS.includes(name)),
  );
  return dotChart({
    title: 'Simulated services with known limits: how long a search takes, and whether it holds the truth',
    panels: [
      { title: 'seconds to the end, median', ticks: [30, 100, 300, 1000, 3000], log: true },
      { title: 'intervals that hold the truth, %', ticks: [0, 25, 50, 75, 100] },
    ],
    rows,
    series: results.map(({ name, groups }) => ({
      name,
      colour: SEARCHES[name],
      values: rows.map((row) => [groups[row].seconds, (100 * groups[row].covered) / groups[row].sessions]),
    })),
  });
}
