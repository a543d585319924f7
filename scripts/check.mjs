// `npm run check`: everything that can be said about the code without running it. No services.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { bin, bootstrap, ROOT } from './bootstrap.mjs';

const node = process.execPath;
/** What was checked before, by content, is not checked again; where it is kept, `npm ci` takes it away. */
const KEPT = join(ROOT, 'node_modules/.hive');
const remembering = (name) => ['--cache', '--cache-strategy=content', `--cache-location=${join(KEPT, name)}`];
const incremental = (name) => ['--incremental', '--tsBuildInfoFile', join(KEPT, `${name}.tsbuildinfo`)];
/** The compiler of types alone: what reads the syntax of TypeScript as a library takes `typescript`, which has it still. */
const tsc = bin('typescript-native/bin/tsc');
/** What takes longest comes first. */
const STEPS = {
  'types of the tests': [node, tsc, '-p', 'tsconfig.test.json', ...incremental('tests')],
  format: [node, bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', ...remembering('prettier.json'), '.'],
  lint: [node, bin('oxlint/bin/oxlint'), '--deny-warnings', '.'],
  'generated files': [node, 'scripts/generate.mjs', '--check'],
  'types of the dashboard': [node, tsc, '-p', 'packages/dashboard', '--noEmit', ...incremental('dashboard')],
  dependencies: [node, 'scripts/checks/dependencies.mjs'],
  'unused code': [node, bin('knip/bin/knip.js'), '--no-progress'],
  files: [node, 'scripts/checks/files.mjs'],
  functions: [node, 'scripts/checks/functions.mjs'],
  'names of kinds': [node, 'scripts/checks/kinds.mjs'],
  words: [node, 'scripts/checks/words.mjs'],
  'imports of benchmarks': [node, 'scripts/checks/benchmarks.mjs'],
  'chosen numbers': [node, 'scripts/checks/weights.mjs'],
  'commit subjects': [node, 'scripts/checks/commits.mjs'],
  documentation: [node, 'scripts/checks/docs.mjs'],
  'published figures': [node, 'bench/report.mjs', '--check'],
};

const startedAt = performance.now();
const failed = [];
try {
  await bootstrap({ dashboard: false });
  process.stdout.write(`ok    types ${since(startedAt)}\n`);
} catch (error) {
  failed.push('types');
  process.stdout.write(`FAILS types ${since(startedAt)}\n${error.message}\n`);
}

const waiting = Object.entries(STEPS);
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, takeSteps));
process.stdout.write(
  failed.length === 0
    ? `All checks passed (${since(startedAt)}).\n`
    : `Failed: ${failed.join(', ')} (${since(startedAt)}).\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function takeSteps() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(...next);
}

function run(name, [command, ...args]) {
  const from = performance.now();
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      if (code !== 0) failed.push(name);
      process.stdout.write(`${code === 0 ? 'ok   ' : 'FAILS'} ${name} ${since(from)}\n${code === 0 ? '' : output}`);
      resolve();
    });
  });
}

function since(from) {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
