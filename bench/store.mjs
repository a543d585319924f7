/**
 * What the store does under load: rows of metrics a second, bytes of an hour of training, memory after start, and how long those who read
 * wait while much is written.
 * Usage, after `npm run build`: node bench/store.mjs [--rows 1000000] [--runs 10000] [--seconds 60] [--rate 5000] [--postgres URL]
 * `--postgres` names an empty database; without it only the embedded one is measured, with `--only postgresql` only that one. Results go to bench/results/store-*.json with --keep NAME.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toTarget } from '@hive/contract';
import { train } from '@hive/engine';
import { loadConfig, openStore, startServer } from '@hive/server';
import { namesOf, serviceOf } from './learning/named.mjs';
import { begin, KIND } from './learning/session.mjs';

/** One window has so many rows of performance_metrics. */
const ROWS_PER_WINDOW = 14;
/** As the recorder of a session has them while its database is slow. */
const BATCH = 500;
const RUNS_PER_SESSION = 20;
const TARGETS = 10;
const HOUR_SECONDS = 3_600;
const DAY_MS = 86_400_000;
/** Filled history lies within so many days. */
const DAYS = 20;
const WRITES_A_SECOND = 4;

const print = (line) => process.stdout.write(`${line}\n`);
const quantile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

if (process.argv[2] === 'server') await serve(JSON.parse(process.argv[3]));
else await main();

async function main() {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      runs: { type: 'string', default: '10000' },
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string', default: '5000' },
      postgres: { type: 'string' },
      only: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const sizes = { rows: +values.rows, runs: +values.runs, seconds: +values.seconds, rate: +values.rate };
  const session = await measuredSession();
  const dataDir = mkdtempSync(join(tmpdir(), 'hive-bench-store-'));
  const places = {
    pglite: { dataDir },
    ...(values.postgres && { postgresql: { dataDir, databaseUrl: values.postgres } }),
  };
  const results = {};
  try {
    for (const [name, place] of Object.entries(places)) {
      if (values.only !== undefined && values.only !== name) continue;
      print(name);
      results[name] = await measure(place, session, sizes);
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  if (values.keep === undefined) return;
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, load: loadavg()[0] };
  const file = new URL(`results/store-${values.keep}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify({ machine, sizes, results }, null, 2)}\n`);
}

async function measure(place, session, sizes) {
  const store = await openStore(place);
  const perHour = await bytesAnHour(store, session);
  print(`  an hour of training: ${(perHour / 1024 ** 2).toFixed(2)} MiB`);
  const rowsPerSecond = await fill(store, session, sizes);
  print(`  ${Math.round(rowsPerSecond)} rows of metrics/s, in batches of ${BATCH} windows`);
  await store.upkeep();
  await store.close();
  const read = await readWhileWriting(place, session, sizes);
  print(`  ${read.rssMib} MiB resident after the start`);
  print(`  written meanwhile: ${read.writtenPerSecond} rows/s; longest block of the loop: ${read.longestBlockMs} ms`);
  for (const [path, { first, p50, p99, requests }] of Object.entries(read.routes)) {
    const [a, b, c, d] = [first, p50, p99, requests].map((figure) => String(figure).padStart(7));
    print(`  ${a} ms first ${b} ms p50 ${c} ms p99 of ${d}  ${path}`);
  }
  return { bytesAnHour: perHour, rowsPerSecond: Math.round(rowsPerSecond), ...read };
}

/** What a session says of its runs and their seconds: one in virtual time, whose results are as long as real ones. */
async function measuredSession() {
  const { surroundings } = await begin(serviceOf(namesOf({ regular: true })[0]), { seed: 1 });
  const runs = [];
  let rows = [];
  const events = train({ ...surroundings, kinds: [KIND], budgetMs: 240_000, precision: 0.05, seed: 1, history: [] });
  for await (const event of events) {
    if (event.type === 'scenario_started') rows = [];
    if (event.type === 'row') rows.push(event);
    if (event.type === 'scenario_completed') runs.push({ ...event, rows });
  }
  return runs.filter(({ rows: kept }) => kept.length > 0);
}

/** Names of a target, of its session and of one of its runs. */
async function newSession(store, targetId, startedAt) {
  const id = `ses_${randomUUID()}`;
  await store.createSession({
    id,
    started_at: new Date(startedAt).toISOString(),
    ended_at: new Date(startedAt + 240_000).toISOString(),
    total_scenarios: 0,
    successful_scenarios: 0,
    average_performance: null,
    metrics: {},
    target_id: targetId,
    status: 'completed',
    kinds: [KIND],
    budget_seconds: 240,
    precision: 0.05,
    hold_seconds: null,
    max_rate_per_second: null,
    max_connections: null,
    paused_seconds: 0,
    runtime_seconds: 240,
    end_code: 'goal',
    end_reason: 'the limits are known',
    limits: [],
  });
  return id;
}

/** Its objectives are those of the runs, so that these teach something about it. */
async function newTarget(store, id, { scenario: { objectives } }) {
  await store.saveTarget(toTarget({ url: 'http://127.0.0.1:9', objectives }, id));
  return id;
}

/** Stores one run with so many seconds, which began then. */
async function storeRun(store, run, { targetId, sessionId, startedAt, seconds }) {
  const scenario = { ...run.scenario, id: `scn_${randomUUID()}`, targetId };
  await store.createScenario(scenario, sessionId, new Date(startedAt));
  const ids = { scenarioId: scenario.id, sessionId, targetId };
  await store.appendWindows(windowsOf(run, { ids, startedAt, first: 0, count: seconds }));
  const { responseTime, serviceTime } = run;
  await store.completeScenario(scenario.id, run.result, { responseTime, serviceTime });
  return scenario.id;
}

function windowsOf(run, { ids, startedAt, first, count }) {
  return Array.from({ length: count }, (_, index) => {
    const second = first + index;
    const { window, responseTime, serviceTime } = run.rows[second % run.rows.length];
    const at = new Date(startedAt + 1_000 * (second + 1)).toISOString();
    return {
      window: { ...window, ...ids, at, fromMs: 1_000 * second, toMs: 1_000 * (second + 1) },
      responseTime,
      serviceTime,
    };
  });
}

async function bytesAnHour(store, runs) {
  const targetId = await newTarget(store, 'hour', runs[0]);
  const before = await bytesOf(store);
  const startedAt = Date.now() - 2 * HOUR_SECONDS * 1_000;
  const sessionId = await newSession(store, targetId, startedAt);
  for (let second = 0, number = 0; second < HOUR_SECONDS; number += 1) {
    const run = runs[number % runs.length];
    const seconds = run.rows.length;
    await storeRun(store, run, { targetId, sessionId, startedAt: startedAt + 1_000 * second, seconds });
    second += seconds;
  }
  return (await bytesOf(store)) - before;
}

async function bytesOf(store) {
  return (await store.storage()).stores.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A long history. Returns the rows of metrics that were written a second, in batches. */
async function fill(store, runs, { rows, runs: count }) {
  const seconds = Math.max(1, Math.round(rows / ROWS_PER_WINDOW / count));
  for (let number = 0; number < TARGETS; number += 1) await newTarget(store, `target-${number}`, runs[0]);
  let sessionId;
  let targetId;
  for (let number = 0; number < count; number += 1) {
    const startedAt = Date.now() - DAYS * DAY_MS + (DAYS * DAY_MS * number) / count;
    if (number % RUNS_PER_SESSION === 0) {
      targetId = `target-${(number / RUNS_PER_SESSION) % TARGETS}`;
      sessionId = await newSession(store, targetId, startedAt);
    }
    await storeRun(store, runs[number % runs.length], { targetId, sessionId, startedAt, seconds });
  }
  // Timed apart from what each run is stored with.
  const run = runs[0];
  const scenario = { ...run.scenario, id: `scn_${randomUUID()}`, targetId };
  await store.createScenario(scenario, sessionId);
  const ids = { scenarioId: scenario.id, sessionId, targetId };
  const batches = Math.max(2, Math.min(40, Math.round(rows / ROWS_PER_WINDOW / BATCH / 4)));
  const begunMs = performance.now();
  for (let batch = 0; batch < batches; batch += 1) {
    await store.appendWindows(windowsOf(run, { ids, startedAt: Date.now(), first: batch * BATCH, count: BATCH }));
  }
  return (batches * BATCH * ROWS_PER_WINDOW) / ((performance.now() - begunMs) / 1_000);
}

/** Asks a server of its own every route in turn, while it writes. */
async function readWhileWriting(place, session, { seconds, rate }) {
  const child = fork(fileURLToPath(import.meta.url), ['server', JSON.stringify({ place, rate })], {
    serialization: 'advanced',
  });
  try {
    child.send({ run: session[0] });
    const [{ url, rssMib }] = await once(child, 'message');
    const paths = await pathsOf(url);
    const times = Object.fromEntries(paths.map((path) => [path, []]));
    child.send({ write: true });
    const untilMs = performance.now() + 1_000 * seconds;
    while (performance.now() < untilMs) {
      for (const path of paths) {
        const begunMs = performance.now();
        const answer = await fetch(`${url}${path}`);
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
        times[path].push(performance.now() - begunMs);
      }
      await sleep(10);
    }
    child.send({ stop: true });
    const [{ written, writingSeconds, longestBlockMs }] = await once(child, 'message');
    const rounded = (ms) => Math.round(10 * ms) / 10;
    const routes = Object.fromEntries(
      Object.entries(times).map(([path, all]) => [
        path,
        // The first answer computes what the others find remembered.
        {
          first: rounded(all[0]),
          requests: all.length - 1,
          p50: rounded(quantile(all.slice(1), 0.5)),
          p99: rounded(quantile(all.slice(1), 0.99)),
        },
      ]),
    );
    return {
      rssMib,
      longestBlockMs: rounded(longestBlockMs),
      writtenPerSecond: Math.round(written / writingSeconds),
      routes,
    };
  } finally {
    child.kill('SIGKILL');
  }
}

async function pathsOf(url) {
  const { sessions } = await (await fetch(`${url}/api/sessions?target=target-1&limit=2`)).json();
  const [session, earlier] = sessions.map(({ id }) => id);
  const { scenarios } = await (await fetch(`${url}/api/scenarios?session=${session}&limit=1`)).json();
  const [{ id: scenario }] = scenarios;
  return [
    '/api/health',
    '/api/training/status',
    '/api/targets',
    '/api/targets/target-1/limits',
    '/api/targets/target-1/predict',
    '/api/training/plan?target=target-1',
    '/api/metrics/latest?limit=500',
    '/api/metrics/latest?target=target-1&limit=500',
    '/api/metrics/summary',
    `/api/metrics/summary?session_id=${session}`,
    '/api/analytics/performance',
    '/api/analytics/performance?target=target-1',
    '/api/sessions',
    `/api/sessions/${session}`,
    `/api/sessions/${session}/course`,
    `/api/compare?a=${earlier}&b=${session}`,
    '/api/scenarios',
    '/api/scenarios?target=target-1&limit=500',
    '/api/scenarios/counts',
    '/api/scenarios?verdict=failed',
    '/api/scenarios?validity=invalid',
    '/api/scenarios?text=limit',
    `/api/scenarios/${scenario}`,
    `/api/scenarios/${scenario}/heatmap`,
    '/api/marks',
    '/api/schedules',
    '/api/incidents',
    '/api/rules',
    '/api/channels',
    '/api/audit',
    '/api/fleet',
    '/api/me',
    '/api/problems/recent',
    '/api/storage',
  ];
}

/** The server, and in it what writes: as a session does that runs here. */
async function serve({ place, rate }) {
  const [{ run }] = await once(process, 'message');
  const store = await openStore(place);
  const server = await startServer(loadConfig({}, { ...place, port: 0, logLevel: 'warn' }), { store });
  process.send({ url: server.url, rssMib: Math.round(residentBytes() / 1024 ** 2) });
  await once(process, 'message');
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const stop = new AbortController();
  process.once('message', () => stop.abort());
  const targetId = 'target-0';
  const startedAt = Date.now();
  const sessionId = await newSession(store, targetId, startedAt);
  const scenario = { ...run.scenario, id: `scn_${randomUUID()}`, targetId };
  await store.createScenario(scenario, sessionId);
  const ids = { scenarioId: scenario.id, sessionId, targetId };
  const count = Math.ceil(rate / ROWS_PER_WINDOW / WRITES_A_SECOND);
  const begunMs = performance.now();
  let written = 0;
  for (let batch = 0; !stop.signal.aborted; batch += 1) {
    await store.appendWindows(windowsOf(run, { ids, startedAt, first: batch * count, count }));
    written += count * ROWS_PER_WINDOW;
    await sleep(Math.max(0, begunMs + ((batch + 1) * 1_000) / WRITES_A_SECOND - performance.now()));
  }
  delays.disable();
  const writingSeconds = (performance.now() - begunMs) / 1_000;
  process.send({ written, writingSeconds, longestBlockMs: delays.max / 1e6 });
}

/** Of this process, as Linux counts them. */
function residentBytes() {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1024;
}
