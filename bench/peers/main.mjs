/**
 * Hive beside other load generators, for anyone with Debian and npm. What it says and what it does not: docs/beside-others.md.
 *
 *   apt-get install nginx gunicorn wrk hey apache2-utils nghttp2-client siege python3-locust time
 *   npm run build
 *   node bench/peers/main.mjs cpu       CPU of a request, 50 connections, 5 interleaved rounds of 4 s            5 minutes
 *   node bench/peers/main.mjs freeze    the p99 reported of a server that stands still for a second, 3 rounds    3 minutes
 *   node bench/peers/main.mjs limit     `hive train` beside fixed rates, three services, 2 rounds               30 minutes
 *   node bench/peers/main.mjs report    writes the tables of all kept results into docs/beside-others.md
 *
 * Options: --rounds N, --seconds N (of a run), --budget N (limit: seconds of `hive train`), --only TEXT (limit: one service), --label NAME.
 * Vegeta, k6 and oha are used where they are on PATH. Nothing else may run on the machine meanwhile.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as cpu from './cpu.mjs';
import * as freeze from './freeze.mjs';
import * as limit from './limit.mjs';
import { writeReport } from './report.mjs';
import { createStage } from './stage.mjs';
import { versions } from './tools.mjs';

const PARTS = { cpu, freeze, limit };
const ROOT = new URL('../../', import.meta.url);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    budget: { type: 'string' },
    only: { type: 'string' },
    label: { type: 'string', default: `${cpus().length}-cores-node-${process.versions.node.split('.')[0]}` },
  },
});
const fileOf = (part) => new URL(`bench/results/peers-${part}-${values.label}.json`, ROOT);

const [part] = positionals;
if (part === 'report') report();
else if (PARTS[part] !== undefined) await run(part);
else {
  process.stderr.write(`Say which part: ${Object.keys(PARTS).join(', ')} or report.\n`);
  process.exitCode = 104;
}

async function run(name) {
  const stage = createStage();
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    void stage.close();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const { measure, table, defaults } = PARTS[name];
    const result = await measure(stage, { ...defaults, only: values.only, ...numbers('rounds', 'seconds', 'budget') });
    if (isStopped) throw new Error('stopped');
    const machine = { cpu: cpus()[0].model, cores: cpus().length };
    const kept = { date: new Date().toISOString().slice(0, 10), commit: commit(), machine, versions: versions() };
    mkdirSync(new URL('bench/results', ROOT), { recursive: true });
    writeFileSync(fileOf(name), `${JSON.stringify({ ...kept, ...result }, null, 2)}\n`);
    const { head, rows } = table(result);
    for (const cells of [head, ...rows]) process.stdout.write(`| ${cells.join(' | ')} |\n`);
    process.stdout.write(`written: ${fileURLToPath(fileOf(name))}\n`);
  } catch (error) {
    if (!isStopped) throw error;
    process.exitCode = 105;
  } finally {
    await stage.close();
  }
}

function numbers(...names) {
  const given = names.filter((name) => values[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, Number(values[name])]));
}

function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'packages') === '' ? '' : ', changed');
}

function report() {
  const kept = Object.entries(PARTS)
    .filter(([name]) => existsSync(fileOf(name)))
    .map(([name, { table }]) => {
      const result = JSON.parse(readFileSync(fileOf(name), 'utf8'));
      return { name, result, table: table(result), file: `bench/results/peers-${name}-${values.label}.json` };
    });
  writeReport(new URL('docs/beside-others.md', ROOT), kept);
}
