// `npm test`: makes the clone ready, runs the tests, says which files were slowest and what had to be repeated, and ends
// with the line `N passed, N failed, N skipped`.
// `--slow` runs the long tests instead; further arguments are passed on to vitest (a filter, for example).
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin, bootstrap, fail, ROOT } from './bootstrap.mjs';

const SLOWEST = 20;

const args = process.argv.slice(2);
const slow = args.includes('--slow');
try {
  await bootstrap();
} catch (error) {
  fail(`hive: setup failed. ${error.message}`);
}

const folder = mkdtempSync(join(tmpdir(), 'hive-test-'));
const countsFile = join(folder, 'counts.json');
const repeatsFile = join(folder, 'repeats');
const secondTriesFile = join(folder, 'second-tries');
const vitest = spawn(
  process.execPath,
  [
    bin('vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    `--reporter=${join(ROOT, 'scripts/count-reporter.mjs')}`,
    ...args.filter((arg) => arg !== '--slow'),
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      HIVE_TEST_COUNTS: countsFile,
      HIVE_TEST_REPEATS: repeatsFile,
      HIVE_TEST_SECOND_TRIES: secondTriesFile,
      ...(slow ? { HIVE_TEST_SLOW: '1' } : {}),
    },
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => vitest.kill(signal));
const code = await new Promise((resolve) => {
  vitest.on('error', () => resolve(1));
  vitest.on('close', (exit) => resolve(exit ?? 1));
});

const counts = existsSync(countsFile)
  ? JSON.parse(readFileSync(countsFile, 'utf8'))
  : { passed: 0, failed: 1, skipped: [], files: [] };
const [repeats, secondTries] = [repeatsFile, secondTriesFile].map((file) =>
  existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [],
);
rmSync(folder, { recursive: true, force: true });
sayTimes(counts.files);
sayRepeats(repeats);
saySecondTries(secondTries);
process.exitCode = verdict(counts);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped\n`);

function verdict({ passed, failed, skipped }) {
  if (skipped.length > 0) process.stdout.write(`Skipped:\n${skipped.map((name) => `  ${name}\n`).join('')}`);
  if (process.env.CI === 'true' && skipped.length > 0) {
    process.stdout.write('With CI=true a skipped test is a failure: install what it needs.\n');
    return 1;
  }
  if (passed + failed === 0) {
    process.stdout.write('No test ran.\n');
    return 1;
  }
  return failed > 0 ? 1 : code;
}

function sayTimes(files) {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  const lines = slowest.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${name}\n`);
  process.stdout.write(`The slowest files:\n${lines.join('')}`);
}

function sayRepeats(all) {
  if (all.length === 0) return;
  const lines = all.map((repeat) => `  ${repeat}\n`).join('');
  process.stdout.write(
    `THE MACHINE WAS BUSY: ${all.length} measurements could not be judged and were repeated or given up:\n${lines}`,
  );
}

function saySecondTries(all) {
  if (all.length === 0) return;
  const lines = all.map((test) => `  ${test}\n`).join('');
  process.stdout.write(`PASSED ONLY AT THE SECOND TRY, fix them: ${all.length} tests\n${lines}`);
}
