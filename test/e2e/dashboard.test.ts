import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromium, describeWith } from '../services.js';
import { dataDirectory, eventually, startHive, type HiveProcess } from './hive-process.js';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describeWith(chromium, 'the dashboard in a real browser', (executablePath) => {
  let data: Awaited<ReturnType<typeof dataDirectory>>;
  let hive: HiveProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    data = await dataDirectory();
    [hive, browser] = await Promise.all([
      startHive(data.path),
      playwright.launch({ executablePath, args: QUIET, headless: true }),
    ]);
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser.close();
    await hive.end();
    await data.remove();
  });

  const region = (name: string) => page.getByRole('region', { name });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  /** The chart is a canvas: what is drawn shows in its pixels. */
  const chartPixels = () =>
    region('Metrics chart')
      .locator('canvas')
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  it('is painted by the server and says that it is live', async () => {
    const html = await (await fetch(hive.dashboardUrl)).text();
    expect(html).toContain('Find limit');
    await page.goto(hive.dashboardUrl);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  });

  it('shows a training session while it happens', async () => {
    // One kind alone: some last for minutes.
    for (const box of await page.getByRole('checkbox').all())
      if (!(await box.locator('xpath=..').innerText()).includes('load_balancing')) await box.uncheck();
    await page.getByLabel('Budget').selectOption({ label: '2 minutes' });
    await button('Find limit').click();
    await eventually('the session runs', 10_000, async () => (await hive.api.call('trainingStatus')).running);
    await region('Metrics chart').locator('canvas').first().waitFor();
    const before = await chartPixels();
    await eventually('the chart has moved', 30_000, async () => (await chartPixels()) !== before);
    await region('Recent runs')
      .getByText(/connections|requests\/s/)
      .first()
      .waitFor();
    await eventually('a limit is known to the API', 60_000, async () => {
      const { limits } = await hive.api.call('targetLimits', { params: { id: 'practice' } });
      return limits.some(({ low }) => low !== null);
    });
    await region('Limits')
      .getByRole('listitem')
      .filter({ hasText: 'Request rate' })
      .getByText(/at least|95 % interval [\d.]+–[\d.]+ requests\/s/)
      .first()
      .waitFor();
    await region('Limits')
      .getByText(/Safe up to [\d,.]+ requests\/s, predicted/)
      .first()
      .waitFor({ timeout: 60_000 });
    // It is the limit of these minutes.
    await region('Limits')
      .getByText(/measured \w+ \d+, \d\d:\d\d$/)
      .first()
      .waitFor();
    // The interval after each scenario: it closes in.
    await region('Limits').getByTestId('interval-trail').first().waitFor({ timeout: 60_000 });
  });

  it('stops within a second or two', async () => {
    await button('Stop').click();
    await eventually('it has stopped', 5_000, async () => !(await hive.api.call('trainingStatus')).running);
    await eventually('another can be started', 10_000, () => button('Find limit').isEnabled());
  });

  it('gives a session the time to soak, when that is asked for', async () => {
    await page.getByLabel('Then soak at the safe rate').check();
    await button('Find limit').click();
    await eventually('the session runs', 10_000, async () => (await hive.api.call('trainingStatus')).running);
    const [newest] = (await hive.api.call('listSessions')).sessions;
    expect(newest?.budget_seconds).toBe(420);
    await button('Stop').click();
    await eventually('another can be started', 10_000, () => button('Find limit').isEnabled());
    await page.getByLabel('Then soak at the safe rate').uncheck();
  });

  it('generates and executes one run', async () => {
    const done = async () =>
      (await hive.api.call('listScenarios')).scenarios.filter(({ completed }) => completed).length;
    const before = await done();
    await button('Run once').click();
    await eventually('one more run is done', 60_000, async () => (await done()) > before);
  });

  it('still has the history after a reload', async () => {
    const { sessions } = await hive.api.call('listSessions');
    expect(sessions.map(({ status }) => status)).toContain('stopped');
    await page.reload();
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await region('Sessions')
      .getByText(/stopped/i)
      .first()
      .waitFor();
    await region('Recent runs')
      .getByText(/connections|requests\/s/)
      .first()
      .waitFor();
  });

  it('fits on a telephone', async () => {
    await page.setViewportSize({ width: 375, height: 800 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await button('Find limit').scrollIntoViewIfNeeded();
    expect(await button('Find limit').isVisible()).toBe(true);
  });

  it('left no error in the console', () => {
    expect(complaints).toEqual([]);
  });
});
