/**
 * Prints what docs/learning.md says of the learner, as Markdown, and writes docs/images/learning.svg, from the figures kept in bench/results:
 *   node bench/learning/main.mjs --first 1001 --search NAME --keep NAME     for each search below
 *   node bench/learning/calibration.mjs --keep calibration
 *   node bench/learning/warm.mjs --keep warm
 *   node bench/learning/sockets.mjs --keep sockets
 * What is not there is left out. Usage: node bench/learning/report.mjs
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dotChart } from './charts.mjs';
import { calibrationTable, searchTable, serviceTable, socketTable, warmTable } from './tables.mjs';

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

const results = Object.keys(SEARCHES).flatMap((name) => {
  const kept = read(name);
  return kept === null ? [] : [{ name, ...kept }];
});
for (const { name, first, seeds, precision } of results)
  say(`${name}: ${seeds} sessions each, seeds from ${first}, ±${100 * precision} %`);
const learner = results.find(({ name }) => name === 'learner');
if (learner) say(serviceTable(Object.entries(learner.groups)));
if (results.length > 0) {
  const pooled = results.filter(({ groups }) => groups[POOLED]).toReversed();
  say(searchTable(pooled.map(({ name, groups }) => [name, groups[POOLED]])));
  writeChart(new URL('../../docs/images/learning.svg', import.meta.url));
}
const calibration = read('calibration');
if (calibration) say(calibrationTable(calibration.pooled));
const warm = read('warm');
if (warm) say(warmTable(warm.services));
const sockets = read('sockets');
if (sockets) say(socketTable(sockets.targets));

function say(text) {
  process.stdout.write(`${text}\n\n`);
}

function read(name) {
  const file = new URL(`../results/learning-${name}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

function writeChart(file) {
  const rows = Object.keys(results[0].groups).filter(
    (name) => results.every(({ groups }) => groups[name]) && !['held out', 'hard ones', 'generated'].includes(name),
  );
  const svg = dotChart({
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
  writeFileSync(file, svg);
}
