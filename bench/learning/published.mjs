/**
 * Measures what docs/learning.md publishes in virtual time, one benchmark after another: 35 min of CPU time in all.
 * Usage, after `npm run build`: node bench/learning/published.mjs [LABEL …], then `npm run bench:report`.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RESTLESS = ['--seeds', '15', '--first', '3001', '--only', 'm/m/8;gc pauses;noisy;slow drift'];
const search = (name) => ['main.mjs', '--seeds', '10', '--first', '3001', '--regular', '--search', name];
/** What is run, by the label under which it is kept. */
const RUNS = {
  learner: ['main.mjs', '--seeds', '40', '--first', '3001'],
  ...Object.fromEntries(['mlr', 'bisect-10', 'bisect-30', 'aimd', 'linear-10'].map((name) => [name, search(name)])),
  'precision-10': ['main.mjs', '--seeds', '10', '--first', '3001', '--regular', '--precision', '0.1'],
  generated: ['main.mjs', '--seeds', '1', '--first', '6001', '--generated', '41-120'],
  'hold-0': ['main.mjs', ...RESTLESS],
  'hold-300': ['main.mjs', ...RESTLESS, '--hold', '300', '--budget', '960'],
  again: ['again.mjs', '--seeds', '10', '--only', 'm/m/8;gc pauses;slow drift'],
  warm: ['warm.mjs', '--seeds', '5'],
  latency: ['latency.mjs', '--seeds', '5'],
  calibration: ['calibration.mjs', '--seeds', '8'],
};

const asked = process.argv.slice(2);
for (const [label, [file, ...args]] of Object.entries(RUNS)) {
  if (asked.length > 0 && !asked.includes(label)) continue;
  const script = fileURLToPath(new URL(file, import.meta.url));
  const { status } = spawnSync(process.execPath, [script, ...args, '--keep', label], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${label} ended with ${status}`);
}
