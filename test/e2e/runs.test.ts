import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '@hive/server';
import { sampleResult, sampleScenario, sampleSession, sampleTarget } from '../../packages/server/test/store/samples.js';
import { chromium, describeWith } from '../services.js';
import { itSlow } from '../slow.js';
import { lookAtHive, type Looking } from './browser.js';
import type { HiveProcess } from './hive-process.js';

const PAGE_ROWS = 100;
const STORED = 230;

describeWith(chromium, 'the runs in a real browser', (executablePath) => {
  let looking: Looking;
  let hive: HiveProcess;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    looking = await lookAtHive(executablePath, { prepare: storeRuns });
    ({ hive, page, complaints } = looking);
  });
  afterAll(() => looking.end());

  const rows = () => page.getByRole('region', { name: 'List of runs' }).locator('tbody tr');
  const older = () => page.getByRole('link', { name: 'Older runs' });

  it('are all reached, page by page', async () => {
    await page.goto(`${hive.dashboardUrl}/runs`);
    await page.getByRole('heading', { name: `${STORED} runs` }).waitFor();
    const links = new Set<string | null>();
    for (let at = 1; ; at += 1) {
      const shown = rows().getByRole('link');
      for (const to of await shown.evaluateAll((all) => all.map((link) => link.getAttribute('href')))) links.add(to);
      if (at * PAGE_ROWS >= STORED) break;
      const place = page.url();
      await older().click();
      await page.waitForURL((url) => url.href !== place);
      await expect.poll(() => rows().count()).toBe(Math.min(PAGE_ROWS, STORED - at * PAGE_ROWS));
    }
    expect(links.size).toBe(STORED);
    expect(await older().count()).toBe(0);
  });

  it('are filtered by the API, in the address, also after a reload and back', async () => {
    await page.goto(`${hive.dashboardUrl}/runs`);
    await page.getByLabel('Verdict').selectOption('failed');
    const { total } = await hive.api.call('countScenarios', { query: { verdict: 'failed' } });
    const counted = page.getByRole('heading', { name: `${total} runs`, exact: true });
    await counted.waitFor();
    expect(page.url()).toContain('verdict=failed');
    await page.reload();
    await counted.waitFor();
    expect(await page.getByLabel('Verdict').inputValue()).toBe('failed');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const csv = await readFile(await (await saved).path(), 'utf8');
    expect(csv.trimEnd().split('\r\n')).toHaveLength(total + 1);
    await page.goBack();
    await page.getByRole('heading', { name: `${STORED} runs` }).waitFor();
  });

  it('are gone through by keys, and lead to their detail', async () => {
    await page.keyboard.press('/');
    expect(await page.getByLabel(/^Text in/).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByLabel(/^Text in/).blur();
    for (const key of ['j', 'j', 'x']) await page.keyboard.press(key);
    expect(await rows().nth(1).getByRole('checkbox').isChecked()).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /Request rate run/ }).waitFor();
    await page.getByRole('region', { name: 'Objectives' }).getByText('p(99)<250').waitFor();
    await page.getByText('p99 was 40 ms').first().waitFor();
  });

  it('show their charts once they were executed, on a telephone too', async () => {
    const body = { target: 'practice', kind: 'load_balancing', intensity: 40, durationSeconds: 4, seed: 1 } as const;
    const { id } = await hive.api.call('createScenario', { body });
    await page.goto(`${hive.dashboardUrl}/runs/${id}`);
    await page.getByText('This run has no result yet.').waitFor();
    await page.getByRole('button', { name: 'Execute', exact: true }).click();
    await page.waitForURL(/\/sessions\//);
    await expect.poll(async () => (await hive.api.call('trainingStatus')).running, { timeout: 60_000 }).toBe(false);
    await page.goto(`${hive.dashboardUrl}/runs/${id}`);
    await page.getByRole('region', { name: 'Heat map' }).locator('canvas').waitFor();
    await page.getByRole('region', { name: 'Percentiles' }).locator('polyline').first().waitFor();
    await page.getByRole('region', { name: 'Sent and answered' }).locator('canvas').waitFor();
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /Its seconds/ }).click();
    const [names, ...seconds] = (await readFile(await (await saved).path(), 'utf8')).trimEnd().split('\r\n');
    const { windows } = await hive.api.call('getScenario', { params: { id } });
    const at = names?.split(',').indexOf('planned') ?? -1;
    expect(seconds.map((line) => Number(line.split(',')[at]))).toEqual(windows.map(({ counts }) => counts.planned));
    for (const width of [375, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      for (const path of [`/runs/${id}`, '/runs']) {
        await page.goto(`${hive.dashboardUrl}${path}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect([path, wide]).toEqual([path, width]);
        expect(await page.getByText(/^unknown$/i).count()).toBe(0);
      }
    }
    expect(complaints).toEqual([]);
  });

  itSlow('belong to targets whose login, labels and checks are changed as a form', async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${hive.dashboardUrl}/targets/shop/edit`);
    await page
      .getByLabel(/^What a good answer of/)
      .first()
      .fill('</html>');
    await page.getByText('Environment, labels and runbook').click();
    await page.getByLabel('Environment', { exact: true }).selectOption('staging');
    await page.getByLabel(/^Labels/).fill('team=shop\ntier=1');
    await page.getByLabel('Runbook').fill('restart it');
    await page.getByText('Certificates and connections').click();
    await page.getByLabel('Name to verify').fill('shop.example');
    await page.getByText('Logging in', { exact: true }).click();
    await page.getByLabel('Requests need a login').selectOption('form');
    await page.getByLabel(/^What is sent/).fill('grant_type=client_credentials\nclient_secret=${HIVE_SECRET_KEY}');
    await page.getByRole('button', { name: 'As YAML' }).click();
    await page.getByRole('region', { name: 'YAML' }).getByText('client_credentials').waitFor();
    await page.getByRole('button', { name: 'As a form' }).click();
    expect(await page.getByLabel('Where to log in').inputValue()).toBe('/oauth/token');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.waitForURL(/\/targets\/shop$/);
    expect(await hive.api.call('getTarget', { params: { id: 'shop' } })).toMatchObject({
      labels: { team: 'shop', tier: '1' },
      runbook: 'restart it',
      tls: { serverName: 'shop.example' },
      safety: { environment: 'staging' },
      auth: { request: { form: { client_secret: '${HIVE_SECRET_KEY}' } } },
      requests: [{ check: '</html>' }],
    });
  });
});

/** Runs of a session that ended, every tenth of which failed. */
async function storeRuns(dataDir: string): Promise<void> {
  const store = await openStore({ databaseUrl: null, dataDir });
  try {
    const target = sampleTarget({ id: 'shop' });
    await store.saveTarget(target);
    const session = sampleSession(target.id);
    await store.createSession(session);
    for (let index = 0; index < STORED; index += 1) {
      const scenario = sampleScenario(target.id, { description: `Serve 400 requests/s, number ${index}` });
      await store.createScenario(scenario, session.id, new Date(Date.UTC(2026, 0, 1, 0, 0, index)));
      const verdict = index % 10 === 0 ? 'failed' : 'passed';
      await store.completeScenario(scenario.id, sampleResult({ verdict }), { responseTime: null, serviceTime: null });
    }
  } finally {
    await store.close();
  }
}
