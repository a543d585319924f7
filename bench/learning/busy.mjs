/**
 * The default session beside processes that keep this machine busy, on real sockets: what it finds of the practice target, whether that is true, and
 * when it says who is in its way. Each session begins without a memory. A session takes up to four minutes. Needs `npx tsc -b`.
 * Usage: node bench/learning/busy.mjs [--busy 0] [--duty 0.667] [--runs 20] [--budget TIME] [--truth N] [--keep LABEL]
 * `--busy` processes of this bench's own are busy for `--duty` of the time each; `--keep` adds to bench/results/learning-LABEL.json.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, start } from './launch.mjs';
import { HIVE, TARGETS } from './socket-targets.mjs';

const TARGET = 'practice, constant';
const SPIN = fileURLToPath(new URL('spin.mjs', import.meta.url));
/** The sentence that says who. */
const SENTENCE = /others use [\d.]+ of \d+ cores[^\n]*/i;

const { values } = parseArgs({
  options: {
    busy: { type: 'string', default: '0' },
    duty: { type: 'string' },
    runs: { type: 'string', default: '20' },
    budget: { type: 'string' },
    keep: { type: 'string' },
    truth: { type: 'string' },
  },
});
const busy = Number(values.busy);
// Two leave some time between them; six leave none.
const duty = Number(values.duty ?? (busy <= 2 ? 2 / 3 : 1));
const { command, ready, started, objectives, truth } = TARGETS[TARGET];

// Simulated again, it takes minutes on a busy machine: the one of the other sessions on real sockets will do.
const limit = Number(values.truth ?? truthKept() ?? (await truth()).toPrecision(4));
const service = await start(command, ready);
const sessions = [];
const before = loadavg()[0];
try {
  for (let run = 0; run < +values.runs; run += 1) {
    sessions.push(await beside(() => session(started(service.output))));
    say(JSON.stringify(sessions.at(-1)));
  }
} finally {
  await service.end();
}
const count = (is) => sessions.filter(is).length;
say(
  `${busy} busy processes (${Math.round(100 * duty)} % of the time): true ${count(({ isTrue }) => isTrue === true)}, false ${count(({ isTrue }) => isTrue === false)}, nothing claimed ${count(({ isTrue }) => isTrue === null)} of ${sessions.length}; said who in at most ${Math.max(0, ...sessions.map(({ saidAfter }) => saidAfter ?? 0))} s (${count(({ saidAfter }) => saidAfter !== null)} sessions)`,
);
if (values.keep) keep(new URL(`../results/learning-${values.keep}.json`, import.meta.url));

function truthKept() {
  const file = new URL('../results/learning-sockets.json', import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).targets[TARGET]?.truth : undefined;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Does something while the busy processes run. */
async function beside(act) {
  const spinning = Array.from({ length: busy }, () => launch([SPIN, String(duty)]));
  try {
    return await act();
  } finally {
    for (const { child } of spinning) child.kill('SIGKILL');
    await Promise.all(spinning.map(({ closed }) => closed));
  }
}

async function session(url) {
  const data = await mkdtemp(join(tmpdir(), 'hive-bench-'));
  const asked = objectives.flatMap((objective) => ['--objective', objective]);
  const budget = values.budget === undefined ? [] : ['--budget', values.budget];
  const startedMs = performance.now();
  const seen = launch([HIVE, 'train', '--json', '--data', data, '--kinds', 'load_balancing', ...budget, ...asked, url]);
  let saidAfter = null;
  let sentence = null;
  seen.child.stderr.on('data', () => {
    const said = SENTENCE.exec(seen.errors);
    if (said === null || saidAfter !== null) return;
    saidAfter = Number(((performance.now() - startedMs) / 1_000).toFixed(1));
    sentence = said[0];
  });
  await seen.closed;
  await rm(data, { recursive: true, force: true });
  if (seen.output === '') throw new Error(`hive train: ${seen.errors}`);
  const { seconds, limits, scenarios, reason: ended, end_code } = JSON.parse(seen.output);
  const [{ status, estimate, low, high, reason }] = limits;
  const spoiled = scenarios.filter(({ validity }) => validity.cause === 'disturbance').length;
  const invalid = scenarios.filter(({ validity }) => validity.status === 'invalid').length;
  const found = { status, seconds, estimate, low, high, isTrue: isTrue({ low, high }), saidAfter, sentence };
  return { ...found, scenarios: scenarios.length, invalid, spoiled, end_code, ended, reason };
}

/** Whether what is claimed of the limit is so; null: nothing is claimed. */
function isTrue({ low, high }) {
  if (low === null && high === null) return null;
  return (low ?? 0) <= limit && limit <= (high ?? Infinity);
}

/** Replaces what was measured beside as many processes, and leaves the rest. */
function keep(file) {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { beside: {} };
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
  const all = { ...kept.beside, [busy]: { duty, truth: limit, loadBefore: before, sessions } };
  const rows = Object.entries(all).map(
    ([processes, { sessions: own, ...rest }]) =>
      `  ${JSON.stringify(processes)}: ${JSON.stringify(rest).slice(0, -1)}, "sessions": [\n${own.map((one) => `   ${JSON.stringify(one)}`).join(',\n')}\n  ] }`,
  );
  writeFileSync(
    file,
    `{\n "machine": ${JSON.stringify(machine)},\n "target": ${JSON.stringify(TARGET)},\n "beside": {\n${rows.join(',\n')}\n }\n}\n`,
  );
}
