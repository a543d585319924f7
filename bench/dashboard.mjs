/**
 * What the dashboard costs whoever leaves it open: script that is loaded, how soon something is seen and whether it moves, and what a running
 * session costs the browser. Usage, after `npm run build`: node bench/dashboard.mjs [--loads 5] [--seconds 60] [--keep NAME]
 * Needs Chromium (CHROMIUM_PATH). Results go to bench/results/dashboard-NAME.json with --keep.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { freePort } from './load/machine.mjs';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const START_MS = 60_000;
/** A page is quiet after this long: its script has run, and its feed is open. */
const SETTLED_MS = 1_500;
/** What the map of the dashboard asks for. */
const BUDGETS = {
  scriptKilobytes: 250,
  firstPaintMs: 1_000,
  largestPaintMs: 1_500,
  layoutShift: 0.05,
  scriptMsAnUpdate: 5,
  longTasks: 0,
};

const { values } = parseArgs({
  options: {
    loads: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '60' },
    keep: { type: 'string' },
  },
});
const print = (line) => process.stdout.write(`${line}\n`);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];

const dataDir = mkdtempSync(join(tmpdir(), 'hive-bench-dashboard-'));
const [port, dashboardPort] = [await freePort(), await freePort()];
const hive = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../packages/cli/bin/hive.js', import.meta.url)),
    'up',
    '--demo',
    '--data',
    dataDir,
    '--port',
    String(port),
    '--dashboard-port',
    String(dashboardPort),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
const ended = new Promise((resolve) => hive.once('close', resolve));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
try {
  const url = `http://127.0.0.1:${dashboardPort}`;
  await answers(url);
  const loads = [];
  for (let at = 0; at < Number(values.loads); at += 1) loads.push(await load(url));
  const first = Object.fromEntries(Object.keys(loads[0]).map((name) => [name, median(loads.map((one) => one[name]))]));
  const live = await watchSession(url, Number(values.seconds));
  for (const [name, value] of Object.entries({ ...first, ...live })) {
    const budget = BUDGETS[name];
    const told = budget === undefined ? '' : ` (budget ${budget}${value > budget ? ', exceeded' : ''})`;
    print(`${name.padEnd(24)} ${Math.round(value * 1_000) / 1_000}${told}`);
  }
  if (values.keep !== undefined) {
    const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, load: loadavg()[0] };
    const file = new URL(`results/dashboard-${values.keep}.json`, import.meta.url);
    writeFileSync(file, `${JSON.stringify({ machine, budgets: BUDGETS, first, live }, null, 2)}\n`);
  }
} finally {
  await browser.close();
  hive.kill('SIGTERM');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
}

/** The overview, loaded by a browser that has seen nothing yet. Script is counted as it travels, compressed. */
async function load(url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  const scripts = new Set();
  let scriptBytes = 0;
  devtools.on('Network.responseReceived', ({ requestId, type }) => void (type === 'Script' && scripts.add(requestId)));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scriptBytes += encodedDataLength;
  });
  await page.addInitScript(() => {
    globalThis.seen = { firstPaintMs: 0, largestPaintMs: 0, layoutShift: 0 };
    const observe = (type, use) =>
      new PerformanceObserver((list) => list.getEntries().forEach(use)).observe({ type, buffered: true });
    observe('paint', ({ name, startTime }) => {
      if (name === 'first-contentful-paint') globalThis.seen.firstPaintMs = startTime;
    });
    observe('largest-contentful-paint', ({ startTime }) => (globalThis.seen.largestPaintMs = startTime));
    observe('layout-shift', ({ value, hadRecentInput }) => (globalThis.seen.layoutShift += hadRecentInput ? 0 : value));
  });
  await page.goto(url);
  await page.waitForTimeout(SETTLED_MS);
  const seen = await page.evaluate(() => globalThis.seen);
  await context.close();
  return { scriptKilobytes: scriptBytes / 1_024, ...seen };
}

/** A session of the practice service on its page: what each message of the feed costs the browser, and how its heap grows. */
async function watchSession(url, seconds) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const devtools = await page.context().newCDPSession(page);
  // Time on the processor: by the clock, a script is slow wherever others keep the machine busy.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await devtools.send('HeapProfiler.enable');
  let messages = 0;
  page.on('websocket', (socket) => socket.on('framereceived', () => (messages += 1)));
  await page.addInitScript(() => {
    globalThis.longTasks = 0;
    new PerformanceObserver((list) => (globalThis.longTasks += list.getEntries().length)).observe({ type: 'longtask' });
  });
  await page.goto(`${url}/targets/practice`);
  await page.waitForTimeout(SETTLED_MS);
  const body = JSON.stringify({
    target: 'practice',
    kinds: ['load_balancing'],
    budgetSeconds: Math.max(30, seconds + 20),
  });
  const started = await fetch(`http://127.0.0.1:${port}/api/training/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (!started.ok) throw new Error(`the session did not start: ${await started.text()}`);
  await page.waitForTimeout(10_000);
  const before = await standing(devtools);
  const [firstMessages, firstLong] = [messages, await page.evaluate(() => globalThis.longTasks)];
  await page.waitForTimeout(seconds * 1_000);
  const after = await standing(devtools);
  const updates = messages - firstMessages;
  const longTasks = (await page.evaluate(() => globalThis.longTasks)) - firstLong;
  return {
    updates,
    scriptMsAnUpdate: ((after.ScriptDuration - before.ScriptDuration) * 1_000) / Math.max(1, updates),
    longTasks,
    heapMegabytes: after.JSHeapUsedSize / 1_024 ** 2,
    heapGrowthMegabytes: (after.JSHeapUsedSize - before.JSHeapUsedSize) / 1_024 ** 2,
  };
}

/** What the browser has used, after it cleaned up. */
async function standing(devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

async function answers(url) {
  for (const endMs = Date.now() + START_MS; ;) {
    const answered = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    if (Date.now() > endMs) throw new Error(`${url} does not answer`);
    await sleep(200);
  }
}
