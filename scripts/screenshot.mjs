// Takes the two pictures of the README from a real session: starts `hive up --demo`, clicks Find limit, waits for a limit.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { bootstrap, ROOT } from './bootstrap.mjs';

const SESSION_SHOWN_AFTER_MS = 85_000;
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

await bootstrap();
const data = mkdtempSync(join(tmpdir(), 'hive-screenshot-'));
const [port, dashboardPort] = [await freePort(), await freePort()];
const hive = spawn(
  process.execPath,
  [
    join(ROOT, 'packages/cli/bin/hive.js'),
    'up',
    '--demo',
    '--data',
    data,
    '--port',
    port,
    '--dashboard-port',
    dashboardPort,
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
const ended = new Promise((resolve) => hive.once('close', resolve));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
try {
  const url = `http://127.0.0.1:${dashboardPort}`;
  await answers(url);
  const page = await browser.newPage({ viewport: { width: 1440, height: 1180 }, colorScheme: 'light' });
  await page.goto(`${url}/targets/practice`);
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await page.getByRole('button', { name: 'Find limit', exact: true }).click();
  await sleep(SESSION_SHOWN_AFTER_MS);
  mkdirSync(join(ROOT, 'docs/images'), { recursive: true });
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    // The chart redraws in its new colors with the next window.
    await sleep(1_000);
    await page.screenshot({ path: join(ROOT, `docs/images/dashboard-${scheme}.png`) });
  }
} finally {
  await browser.close();
  hive.kill('SIGTERM');
  await ended;
  rmSync(data, { recursive: true, force: true });
}

async function answers(url) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (hive.exitCode !== null) throw new Error(`hive up ended with ${hive.exitCode}`);
    if ((await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null))?.ok) return;
    await sleep(100);
  }
  throw new Error(`${url} does not answer`);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(String(port)));
    });
  });
}
