import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '@hive/server';
import {
  sampleResult,
  sampleScenario,
  sampleSession,
  sampleTarget,
  sampleWindow,
} from '../../packages/server/test/store/samples.js';
import { chromium, describeWith } from '../services.js';
import { lookAtHive, type Looking } from './browser.js';
import type { HiveProcess } from './hive-process.js';

const SECONDS = 40;
/** What the map of the dashboard allows the overview. */
const MOST_SCRIPT_KIB = 250;

describeWith(chromium, 'a run of some seconds in a real browser', (executablePath) => {
  let looking: Looking;
  let hive: HiveProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let run: string;

  beforeAll(async () => {
    looking = await lookAtHive(executablePath, { height: 1400, prepare: async (data) => (run = await storeRun(data)) });
    ({ hive, browser, page, complaints } = looking);
  });
  afterAll(() => looking.end());

  const heatMap = () => page.getByRole('region', { name: 'Heat map' });
  const lines = () => page.getByRole('region', { name: 'Response time over time' });
  const rates = () => page.getByRole('region', { name: 'Sent and answered' });
  const area = (): Locator => heatMap().locator('.cursor-crosshair');
  const plot = (card: Locator): Locator => card.locator('.u-over');
  const rate = async (): Promise<number> => Number(await rates().getByText('sent').locator('xpath=../dd').innerText());

  it('has one cursor and one zoom for its heat map and its lines', async () => {
    await page.goto(`${hive.dashboardUrl}/runs/${run}`);
    await plot(rates()).waitFor();
    // The rate of second n is n: the legend says where the cursor is.
    await pointAt(page, area(), 0.5);
    await expect.poll(rate).toBeCloseTo(SECONDS / 2, -0.5);
    for (const card of [lines(), rates()])
      await expect.poll(() => shareOf(card.locator('.u-cursor-x'), plot(card))).toBeCloseTo(0.5, 1);
    await pointAt(page, plot(lines()), 0.25);
    await expect.poll(() => shareOf(heatMap().locator('[data-cursor]'), area())).toBeCloseTo(0.25, 1);
    await drag(page, area(), [0.5, 0.75]);
    await pointAt(page, plot(rates()), 0.02);
    await expect.poll(rate).toBeCloseTo(SECONDS / 2, -0.5);
    await drag(page, plot(rates()), [0.5, 0.98]);
    await pointAt(page, area(), 0.02);
    await expect.poll(rate).toBeGreaterThan(0.6 * SECONDS);
    await area().dblclick({ position: { x: 5, y: 50 } });
    await pointAt(page, area(), 0.05);
    await expect.poll(rate).toBeLessThan(0.1 * SECONDS);
  });

  it('has a target that is changed as YAML, which the API reads as it is typed, and as a form', async () => {
    await page.goto(`${hive.dashboardUrl}/targets/shop/edit?as=yaml`);
    const text = page.getByLabel('The description, as hive.yaml has it');
    const kept = await text.inputValue();
    await text.fill(`${kept}\nobjektives: []\n`);
    await page.getByText('Objektives: is unknown').or(page.getByText('objektives: is unknown')).first().waitFor();
    const save = page.getByRole('button', { name: 'Save', exact: true });
    expect(await save.isDisabled()).toBe(true);
    await text.fill(`${kept}\nrunbook: restart it\n`);
    await page.getByRole('button', { name: 'As a form' }).click();
    await page.getByText('Headers', { exact: true }).click();
    await page.getByLabel(/^Headers, one/).fill('accept: text/html\nx-tag: a\nx-tag: b');
    await page.getByText('What is watched', { exact: true }).click();
    await page.getByLabel('Page of metrics').fill('http://127.0.0.1:9/metrics');
    await page.getByLabel(/^Metrics of that page/).fill('queue_length\ndb_pool{of="shop"}');
    await page.getByRole('button', { name: 'As YAML' }).click();
    await expect.poll(() => text.inputValue()).toContain('queue_length');
    await page.getByRole('button', { name: 'As a form' }).click();
    expect(await page.getByLabel(/^Headers, one/).inputValue()).toBe('accept: text/html\nx-tag: a\nx-tag: b');
    await save.click();
    await page.waitForURL(/\/targets\/shop$/);
    expect(await hive.api.call('getTarget', { params: { id: 'shop' } })).toMatchObject({
      runbook: 'restart it',
      requests: [{ headers: { accept: 'text/html', 'x-tag': ['a', 'b'] } }],
      watch: { prometheus: 'http://127.0.0.1:9/metrics', series: ['queue_length', 'db_pool{of="shop"}'] },
    });
    // The other kinds: how to find what they take, or why they do not apply.
    const tiles = page.getByRole('region', { name: 'What else breaks it' }).getByRole('listitem');
    await tiles.filter({ hasText: 'Concurrent users' }).getByRole('button', { name: 'Measure' }).waitFor();
    await tiles.filter({ hasText: 'Does not apply' }).first().waitFor();
  });

  it('has a form that shows the headers that an import brings, and keeps them', async () => {
    await page.goto(`${hive.dashboardUrl}/targets/other/edit`);
    await page.getByText('Headers', { exact: true }).click();
    const headers = page.getByLabel(/^Headers, one/);
    await headers.fill('x-from: form');
    const command = Buffer.from("curl -H 'x-from: import' http://127.0.0.1/imported");
    await page
      .getByLabel('File to import')
      .setInputFiles({ name: 'command.sh', mimeType: 'text/plain', buffer: command });
    await page.getByText('/imported').waitFor();
    expect(await headers.inputValue()).toBe('x-from: import');
    await headers.focus();
    await headers.blur();
    await page.getByRole('button', { name: 'As YAML' }).click();
    await expect
      .poll(() => page.getByLabel('The description, as hive.yaml has it').inputValue())
      .toContain('x-from: import');
  });

  it('has a target whose last session was not the newest of all', async () => {
    complaints.length = 0;
    await page.goto(`${hive.dashboardUrl}/targets/shop`);
    await page.getByRole('region', { name: 'Status' }).getByText('last session').first().waitFor();
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('begins with little script', async () => {
    const context = await browser.newContext();
    const fresh = await context.newPage();
    const devtools = await context.newCDPSession(fresh);
    await devtools.send('Network.enable');
    const scripts = new Set<string>();
    let bytes = 0;
    devtools.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script') scripts.add(requestId);
    });
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength;
    });
    await fresh.goto(hive.dashboardUrl, { waitUntil: 'networkidle' });
    expect(bytes).toBeGreaterThan(0);
    expect(bytes / 1_024).toBeLessThan(MOST_SCRIPT_KIB);
    await context.close();
  });
});

/** Puts the pointer at a share of the width of a picture. */
async function pointAt(page: Page, picture: Locator, share: number): Promise<void> {
  const { x, y, width, height } = await boxOf(picture);
  await page.mouse.move(x + share * width, y + height / 2);
}

async function drag(page: Page, picture: Locator, [from, to]: [number, number]): Promise<void> {
  await pointAt(page, picture, from);
  await page.mouse.down();
  await pointAt(page, picture, (from + to) / 2);
  await pointAt(page, picture, to);
  await page.mouse.up();
}

/** Where something stands on a picture, as a share of its width. */
async function shareOf(mark: Locator, picture: Locator): Promise<number> {
  const [own, whole] = [await boxOf(mark), await boxOf(picture)];
  return (own.x - whole.x) / whole.width;
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not on the page');
  return box;
}

/** A run whose rate in second n was n requests/s; of another target there is a later session. */
async function storeRun(dataDir: string): Promise<string> {
  const store = await openStore({ databaseUrl: null, dataDir });
  try {
    const target = sampleTarget({ id: 'shop' });
    await store.saveTarget(target);
    const session = sampleSession(target.id);
    await store.createSession(session);
    const scenario = sampleScenario(target.id);
    const began = Date.UTC(2026, 0, 1);
    await store.createScenario(scenario, session.id, new Date(began));
    const ids = { scenarioId: scenario.id, sessionId: session.id, targetId: target.id };
    const windows = Array.from({ length: SECONDS }, (_, second) => ({
      window: sampleWindow(ids, {
        at: new Date(began + 1_000 * (second + 1)).toISOString(),
        fromMs: 1_000 * second,
        toMs: 1_000 * (second + 1),
        offeredPerSecond: second + 1,
      }),
      responseTime: null,
      serviceTime: null,
    }));
    await store.appendWindows(windows);
    await store.completeScenario(scenario.id, sampleResult(), { responseTime: null, serviceTime: null });
    const other = sampleTarget({ id: 'other' });
    await store.saveTarget(other);
    await store.createSession(sampleSession(other.id, { started_at: '2026-02-01T12:00:00.000Z' }));
    return scenario.id;
  } finally {
    await store.close();
  }
}
