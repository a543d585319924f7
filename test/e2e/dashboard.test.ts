import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromium, describeWith } from '../services.js';
import { itSlow } from '../slow.js';
import { barriersOf, namelessOf } from './barriers.js';
import { lookAtHive, type Looking } from './browser.js';
import { startDashboardAlone } from './dashboard-alone.js';
import { eventually, freePorts, type HiveProcess } from './hive-process.js';

describeWith(chromium, 'the dashboard in a real browser', (executablePath) => {
  let looking: Looking;
  let hive: HiveProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  /** Addresses of the live feed that the page has opened. */
  const sockets: string[] = [];

  beforeAll(async () => {
    looking = await lookAtHive(executablePath, { width: 1440, height: 1000 });
    ({ hive, browser, page, complaints } = looking);
    page.on('websocket', (socket) => sockets.push(socket.url()));
  });
  afterAll(() => looking.end());

  const region = (name: string) => page.getByRole('region', { name });
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });
  const isLive = () => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  /** Every page there is, with what its heading says. */
  const pages = async (): Promise<[path: string, heading: string][]> => {
    const [newest] = (await hive.api.call('listSessions')).sessions;
    return [
      ['/', 'Overview'],
      ['/targets/practice', 'practice'],
      ['/sessions', 'Sessions'],
      ['/compare', 'Compare two sessions'],
      ['/runs/new', 'New run'],
      [`/sessions/${newest?.id}`, 'Session of practice'],
    ];
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const chooseOneKind = async () => {
    const options = page.getByText('What to measure, and for how long');
    if (!(await page.getByLabel('Time budget').isVisible())) await options.click();
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
    expect(html).toContain('Try the practice service');
    await page.goto(hive.dashboardUrl);
    await isLive();
  });

  it('comes to a first measurement in two clicks, and to one with a fifth less capacity in a third', async () => {
    await page.getByRole('button', { name: /^Try the practice service/ }).click();
    await region('First measurement').getByText('about 2½ minutes').waitFor();
    await button('Find its limit').click();
    await region('First measurement').getByText('Finding the limit of practice').waitFor();
    await eventually('the session runs', 10_000, async () => (await hive.api.call('trainingStatus')).running);
    await eventually('the title says how far it is', 10_000, async () => (await page.title()).startsWith('▶'));
    await page.reload();
    await region('First measurement').getByText('Finding the limit of practice').waitFor();
    await button('Stop').click();
    await button('Take a fifth of its capacity away, measure again').click();
    await eventually('it has less', 10_000, async () => {
      const truth = await hive.api.call('targetTruth', { params: { id: 'practice' } });
      return truth.capacity === 0.8 && truth.capacityPerSecond === 320;
    });
    await region('First measurement').getByText('Finding the limit of practice').waitFor();
    await button('Stop').click();
    await link('See what breaks it').click();
    await heading('practice').waitFor();
    await hive.api.call('setPractice', { params: { id: 'practice' }, body: { capacity: 1 } });
    await eventually('another can be started', 10_000, () => button('Find limit').isEnabled());
  });

  it('checks a service of mine, and says which line allows another machine', async () => {
    const { nodes } = await hive.api.call('getTarget', { params: { id: 'practice' } });
    const port = new URL(nodes[1]?.url ?? '').port;
    const guest = await browser.newPage();
    await guest.goto(`${hive.dashboardUrl}/targets/new`);
    await guest.getByLabel('Address').fill(`localhost:${port}`);
    await guest.getByRole('button', { name: 'Check' }).click();
    await guest
      .getByText(/^200 in [\d.]+ ms$/)
      .first()
      .waitFor();
    await guest.getByLabel('Address').fill('192.0.2.7:80');
    await guest.getByRole('button', { name: 'Check' }).click();
    await guest.getByText('HIVE_ALLOW_TARGETS=192.0.2.7 hive up').waitFor();
    await guest.close();
    await hive.api.call('deleteTarget', { params: { id: `localhost-${port}` } });
  });

  it('shows a training session while it happens', async () => {
    await chooseOneKind();
    await page.getByLabel('Time budget').selectOption({ label: 'until stopped' });
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
    await page.getByText('What to measure, and for how long').click();
    const boxes = page.getByRole('group', { name: 'What to measure' }).getByRole('checkbox');
    const checked: string[] = [];
    for (const box of await boxes.all())
      if (await box.isChecked()) checked.push(await box.locator('xpath=..').innerText());
    expect(checked).toEqual([expect.stringContaining('load_balancing')]);
    expect(await page.getByLabel('Time budget').locator('option:checked').innerText()).toBe('until stopped');
    // The page before had one of its own.
    sockets.splice(0, sockets.length - 1);
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
    await link('practice').first().click();
    await heading('practice').waitFor();
    await isLive();
    expect(sockets).toHaveLength(1);
    expect(await (await fetch(`${hive.apiUrl}/metrics`)).text()).toMatch(/^hive_live_readers 1$/m);
  });

  it('stops within a second or two', async () => {
    await button('Stop').click();
    await eventually('it has stopped', 5_000, async () => !(await hive.api.call('trainingStatus')).running);
    await eventually('another can be started', 10_000, () => button('Find limit').isEnabled());
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
    await link('Overview').click();
    await button('Add a target').click();
    const dialog = page.getByRole('dialog', { name: 'Add a target' });
    await dialog.getByLabel('Address').fill(`http://127.0.0.1:${port}`);
    await dialog.getByLabel('Name').fill('nobody');
    await dialog.getByRole('button', { name: 'Add target' }).click();
    await dialog.getByRole('alert').getByText('nothing listens there').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await link('nobody').click();
    await heading('nobody').waitFor();
    await region('Limits').getByText('of nobody').waitFor();
    await region('Limits').getByText('No limit measured yet').waitFor();
    await region('Recent runs').getByText('No run yet').waitFor();
    expect(await region('Status').count()).toBe(0);
    await page.goto(`${hive.dashboardUrl}/targets/practice`);
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
    const shown = [
      'practice',
      scenarios[0]?.description ?? '',
      newest?.status ?? '',
      'Answer',
      'New run',
      scenarios[0]?.description ?? '',
    ];
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

  const namesAndFits = async (which: (path: string) => boolean): Promise<void> => {
    for (const [path, name] of (await pages()).filter(([path]) => which(path))) {
      await page.goto(hive.dashboardUrl + path);
      await heading(name).waitFor();
      await isLive();
      expect([
        path,
        await page.getByRole('main').count(),
        await page.getByRole('heading', { level: 1 }).count(),
      ]).toEqual([path, 1, 1]);
      expect([path, namelessOf(await page.locator('body').ariaSnapshot())]).toEqual([path, []]);
      for (const width of [1280, 375]) {
        await page.setViewportSize({ width, height: 800 });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect([path, width, Math.max(0, overflow)]).toEqual([path, width, 0]);
      }
      // What is laid out for a telephone; questions.slow.test.ts looks at the rest.
      expect([path, await barriersOf(page)]).toEqual([path, []]);
    }
  };
  /** The two that show most. */
  const isFull = (path: string): boolean => path === '/' || path.startsWith('/targets/');
  it('names everything that can be used, and fits every width', () => namesAndFits(isFull));
  itSlow('names everything, and fits every width, on the other pages too', () => namesAndFits((path) => !isFull(path)));

  it('keeps the form of a target within its card on a telephone', async () => {
    await page.setViewportSize({ width: 375, height: 800 });
    await page.goto(`${hive.dashboardUrl}/targets/practice/edit`);
    const end = async (part: Locator): Promise<number> => {
      const box = await part.boundingBox();
      return box === null ? Number.NaN : box.x + box.width;
    };
    expect(await end(page.getByLabel('Addresses, one a line'))).toBeLessThan(await end(region('Form')));
  });

  it('leads from an account to the settings, where nobody signs in', async () => {
    await page.goto(`${hive.dashboardUrl}/settings/account`);
    await heading('Settings').waitFor();
  });

  it('is used with the keyboard alone', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
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
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('sess');
    await page.keyboard.press('Enter');
    await heading('Sessions').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Stop everything that sends load').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await heading('Overview').waitFor();

    await button('Add a target').press('Enter');
    await page.getByRole('dialog', { name: 'Add a target' }).waitFor();
    await page.keyboard.press('Escape');
    // The focus goes back when the dialog has closed.
    await expect.poll(focused).toBe('Add a target');

    await page.goto(`${hive.dashboardUrl}/targets/practice`);
    await isLive();
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
      await guest.reload();
      await says('The API refuses this dashboard');
      alone.guardBy('secret');
      await guest.reload();
      await says('Enter the token');
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
