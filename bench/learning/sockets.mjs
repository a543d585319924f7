/**
 * The yardstick on real sockets: whole sessions of `hive train` against services of this machine whose limits are known, one after another, each
 * without a memory. A session takes up to two minutes. Needs `npx tsc -b`; nginx where it is asked for.
 * Usage: node bench/learning/sockets.mjs [--runs 5] [--only NAME] [--keep LABEL]. `--keep` adds to bench/results/learning-LABEL.json.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, start } from './launch.mjs';
import { HIVE, TARGETS } from './socket-targets.mjs';
import { socketTable } from './tables.mjs';

const BUDGET_SECONDS = 120;
/** What a session may take beyond its budget, to end what is under way and to write it down. */
const GRACE_SECONDS = 1;
const NEAR = 0.07;

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, only: { type: 'string', default: '' }, keep: { type: 'string' } },
});

const measured = {};
for (const [name, target] of Object.entries(TARGETS).filter(([name]) => name.includes(values.only))) {
  const service = await start(target.command, target.ready).catch((error) =>
    say(`${name} is left out: ${error.message}`),
  );
  if (service === undefined) continue;
  try {
    measured[name] = await measure(name, target, service);
  } finally {
    await service.end();
  }
}
say(socketTable(measured));
if (values.keep) keep(new URL(`../results/learning-${values.keep}.json`, import.meta.url));

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** The sessions one after another, then the truth. */
async function measure(name, target, service) {
  const sessions = [];
  for (let run = 0; run < +values.runs; run += 1) {
    sessions.push(await session(target, target.started(service.output)));
    say(`${name}: ${JSON.stringify(sessions.at(-1))}`);
  }
  const truth = await target.truth(service);
  return { truth: Number(truth.toPrecision(4)), sessions: sessions.map((one) => judged(one, truth)) };
}

/** One session, from nothing. */
async function session({ objectives }, target) {
  const data = await mkdtemp(join(tmpdir(), 'hive-bench-'));
  const asked = objectives.flatMap((objective) => ['--objective', objective]);
  const budget = ['--budget', `${BUDGET_SECONDS}s`, '--kinds', 'load_balancing'];
  const seen = launch([HIVE, 'train', '--json', '--quiet', '--data', data, ...budget, ...asked, target]);
  await seen.closed;
  await rm(data, { recursive: true, force: true });
  if (seen.output === '') throw new Error(`hive train: ${seen.errors}`);
  const { seconds, limits, scenarios } = JSON.parse(seen.output);
  const { status, estimate, low, high, binding, reason } = limits[0];
  const invalid = scenarios.filter(({ validity }) => validity.status === 'invalid').length;
  return { status, seconds, estimate, low, high, binding, scenarios: scenarios.length, invalid, reason };
}

function judged(one, truth) {
  const known = one.estimate !== null;
  return {
    ...one,
    ratio: known ? Number((one.estimate / truth).toFixed(4)) : null,
    holds: known && one.low <= truth && truth <= one.high,
    within: known && Math.abs(Math.log(one.estimate / truth)) < Math.log(1 + NEAR),
    budgetKept: one.seconds <= BUDGET_SECONDS + GRACE_SECONDS,
  };
}

/** Replaces the targets that were measured, and leaves the others. */
function keep(file) {
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { targets: {} };
  const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
  const targets = Object.entries({ ...before.targets, ...measured }).map(
    ([name, { truth, sessions }]) =>
      `  ${JSON.stringify(name)}: { "truth": ${truth}, "sessions": [\n${sessions.map((one) => `   ${JSON.stringify(one)}`).join(',\n')}\n  ] }`,
  );
  writeFileSync(file, `{\n "machine": ${JSON.stringify(machine)},\n "targets": {\n${targets.join(',\n')}\n }\n}\n`);
}
