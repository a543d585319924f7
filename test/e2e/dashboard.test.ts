import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromium, describeWith } from '../services.js';
import { startDashboardAlone } from './dashboard-alone.js';
import { dataDirectory, eventually, freePorts, startHive, type HiveProcess } from './hive-process.js';

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
  /** Addresses of the live feed that the page has opened. */
  const sockets: string[] = [];

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
    page.on('websocket', (socket) => sockets.push(socket.url()));
  });
  afterAll(async () => {
    await browser.close();
    await hive.end();
    await data.remove();
  });

  const region = (name: string) => page.getByRole('region', { name });
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const isLive = () => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  /** Every page there is, with what its heading says. */
  const pages = async (): Promise<[path: string, heading: string][]> => {
    const [newest] = (await hive.api.call('listSessions')).sessions;
    return [
      ['/', 'Overview'],
      ['/sessions', 'Sessions'],
      [`/sessions/${newest?.id}`, 'Session of practice'],
    ];
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  /** Some kinds last for minutes. */
  const chooseOneKind = async () => {
    for (const box of await page.getByRole('group', { name: 'What to measure' }).getByRole('checkbox').all())
      if (!(await box.locator('xpath=..').innerText()).includes('load_balancing')) await box.uncheck();
  };
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
    await isLive();
  });

  it('shows a training session while it happens', async () => {
    await chooseOneKind();
    await page.getByLabel('Budget').selectOption({ label: 'until stopped' });
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

  it('shows the same after a reload in mid-session', async () => {
    await page.reload();
    await isLive();
    const boxes = page.getByRole('group', { name: 'What to measure' }).getByRole('checkbox');
    const checked: string[] = [];
    for (const box of await boxes.all())
      if (await box.isChecked()) checked.push(await box.locator('xpath=..').innerText());
    expect(checked).toEqual([expect.stringContaining('load_balancing')]);
    expect(await page.getByLabel('Budget').locator('option:checked').innerText()).toBe('until stopped');
    // The page before had one of its own.
    sockets.shift();
  });

  it('goes from page to page with one feed, which stays live', async () => {
    await link('Sessions').click();
    await heading('Sessions').waitFor();
    await page.getByRole('link', { name: 'Measuring practice' }).click();
    await heading('Session of practice').waitFor();
    await region('Now')
      .getByText(/\d+ runs? done/)
      .waitFor();
    const runs = region('Runs').getByRole('list', { name: 'Runs' }).locator('> li');
    const before = await runs.count();
    expect(before).toBeGreaterThan(0);
    await eventually('another run is told', 30_000, async () => (await runs.count()) > before);
    await link('Overview').click();
    await heading('Overview').waitFor();
    await isLive();
    expect(sockets).toHaveLength(1);
    expect(await (await fetch(`${hive.apiUrl}/metrics`)).text()).toMatch(/^hive_live_readers 1$/m);
  });

  it('stops within a second or two', async () => {
    await button('Stop').click();
    await eventually('it has stopped', 5_000, async () => !(await hive.api.call('trainingStatus')).running);
    await eventually('another can be started', 10_000, () => button('Find limit').isEnabled());
  });

  it('gives a session the time to soak, when that is asked for', async () => {
    await chooseOneKind();
    await page.getByLabel('Then soak at the safe rate').check();
    await button('Find limit').click();
    await eventually('the session runs', 10_000, async () => (await hive.api.call('trainingStatus')).running);
    const [newest] = (await hive.api.call('listSessions')).sessions;
    expect(newest?.budget_seconds).toBe(540);
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
    await isLive();
    await region('Sessions')
      .getByText(/stopped/i)
      .first()
      .waitFor();
    await region('Recent runs')
      .getByText(/connections|requests\/s/)
      .first()
      .waitFor();
  });

  it('warns of a target that refuses as soon as it is saved, and shows nothing of another', async () => {
    const [port] = await freePorts();
    await button('Add a target').click();
    const dialog = page.getByRole('dialog', { name: 'Add a target' });
    await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}`);
    await dialog.getByLabel('Name').fill('nobody');
    await dialog.getByRole('button', { name: 'Add target' }).click();
    await dialog.getByRole('alert').getByText('nothing listens there').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await region('Limits').getByText('of nobody').waitFor();
    await region('Limits').getByText('No limit measured yet').waitFor();
    await region('Recent runs').getByText('No run yet').waitFor();
    await region('Metrics chart').getByText('Nothing measured yet').waitFor();
    expect(await region('Status').getByText('nothing measured yet').count()).toBeGreaterThan(0);
    expect(
      await region('Status')
        .getByText(/passed|last session/)
        .count(),
    ).toBe(0);
    await page.getByLabel('Target', { exact: true }).selectOption('practice');
    await region('Recent runs')
      .getByText(/connections|requests\/s/)
      .first()
      .waitFor();
    await hive.api.call('deleteTarget', { params: { id: 'nobody' } });
  });

  it('shows every page without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const still = await context.newPage();
    const [newest] = (await hive.api.call('listSessions')).sessions;
    const { scenarios } = await hive.api.call('getSession', { params: { id: newest?.id ?? '' } });
    const shown = [scenarios[0]?.description ?? '', newest?.status ?? '', scenarios[0]?.description ?? ''];
    for (const [index, [path, name]] of (await pages()).entries()) {
      await still.goto(hive.dashboardUrl + path);
      await still.getByRole('heading', { level: 1, name }).waitFor();
      await still
        .getByText(shown[index] ?? '', { exact: true })
        .first()
        .waitFor();
    }
    await context.close();
  });

  it('names everything that can be used, and fits every width', async () => {
    for (const [path, name] of await pages()) {
      await page.goto(hive.dashboardUrl + path);
      await heading(name).waitFor();
      await isLive();
      expect([
        path,
        await page.getByRole('main').count(),
        await page.getByRole('heading', { level: 1 }).count(),
      ]).toEqual([path, 1, 1]);
      expect([path, namelessOf(await page.locator('body').ariaSnapshot())]).toEqual([path, []]);
      for (const width of [1280, 400, 375]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect([path, width, Math.max(0, overflow)]).toEqual([path, width, 0]);
      }
    }
  });

  it('is used with the keyboard alone', async () => {
    await page.goto(hive.dashboardUrl);
    await isLive();
    const focused = () => page.evaluate(() => document.activeElement?.textContent || document.activeElement?.ariaLabel);
    const reached: (string | null | undefined)[] = [];
    for (let tabs = 0; tabs < 4; tabs += 1) {
      await page.keyboard.press('Tab');
      reached.push(await focused());
    }
    expect(reached).toEqual(['Skip to the page', 'Hive', 'Overview', 'Sessions']);
    await page.keyboard.press('Enter');
    await heading('Sessions').waitFor();
    await page.goBack();
    await heading('Overview').waitFor();

    await button('Add a target').press('Enter');
    await page.getByRole('dialog', { name: 'Add a target' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('Add a target');

    // What was pressed is disabled: the focus goes on to what can be pressed next.
    await button('Find limit').press('Enter');
    await eventually('Stop has the focus', 10_000, async () => (await focused()) === 'Stop');
    await page.keyboard.press('Enter');
    await eventually('Find limit has the focus', 10_000, async () => (await focused()) === 'Find limit');
  });

  it('fits on a telephone', async () => {
    await page.setViewportSize({ width: 375, height: 800 });
    await button('Find limit').scrollIntoViewIfNeeded();
    expect(await button('Find limit').isVisible()).toBe(true);
  });

  it('left no error in the console', () => {
    expect(complaints).toEqual([]);
  });

  it('stands behind a gate on every page', async () => {
    const alone = await startDashboardAlone(hive.apiUrl);
    const context = await browser.newContext();
    const guest = await context.newPage();
    const says = (name: string) => guest.getByRole('heading', { level: 1, name }).waitFor();
    try {
      for (const [path] of await pages()) {
        await guest.goto(alone.url + path);
        await says('The API does not answer');
      }
      alone.answerWith('forbidden_host');
      for (const [path] of await pages()) {
        await guest.goto(alone.url + path);
        await says('The API refuses this dashboard');
      }
      alone.guardBy('secret');
      for (const [path] of await pages()) {
        await guest.goto(alone.url + path);
        await says('Enter the token');
      }
      await guest.getByLabel('Token').fill('guess');
      await guest.keyboard.press('Enter');
      await guest.getByText('The token that is stored in this browser is wrong.').waitFor();
      await guest.getByLabel('Token').fill('secret');
      await guest.keyboard.press('Enter');
      // On the page that was asked for.
      await says('Session of practice');
    } finally {
      await context.close();
      await alone.end();
    }
  });
});

/** What a screen reader would call by its role alone. */
function namelessOf(snapshot: string): string[] {
  const nameless = /^\s*- (button|link|textbox|combobox|checkbox|radio|progressbar|img)( \[[^\]]*\])*:?$/;
  return snapshot.split('\n').filter((line) => nameless.test(line));
}
