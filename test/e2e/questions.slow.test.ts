import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromium, describeWith } from '../services.js';
import { asksAboutARate, buildsARun, comparesTwoSessions } from './asking.js';
import { barriersOf } from './barriers.js';
import { lookAtHive, type Looking } from './browser.js';
import { startDashboardAlone } from './dashboard-alone.js';
import { eventually, type HiveProcess } from './hive-process.js';

const PAGES = ['/', '/targets/practice', '/sessions', '/compare', '/runs/new'];

describeWith(chromium, 'what a target is asked in a real browser', (executablePath) => {
  let looking: Looking;
  let hive: HiveProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    looking = await lookAtHive(executablePath);
    ({ hive, browser, page } = looking);
    // What is asked is answered from what was learned.
    await hive.api.call('startTraining', { body: { kinds: ['load_balancing'], budgetSeconds: 240 } });
    const asked = { params: { id: 'practice' }, query: { kind: 'load_balancing', intensity: 400 } } as const;
    await eventually('it can predict', 240_000, async () => (await hive.api.call('predict', asked)).pass !== null);
    await hive.api.call('stopTraining');
    await eventually('it has stopped', 10_000, async () => !(await hive.api.call('trainingStatus')).running);
    await page.goto(`${hive.dashboardUrl}/targets/practice`);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  }, 300_000);
  afterAll(() => looking.end());

  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('a session has the time to soak, when that is asked for', async () => {
    await page.getByText('What to measure, and for how long').click();
    await page.getByLabel('Then soak at the safe rate').check();
    await button('Find limit').click();
    await eventually('the session runs', 10_000, async () => (await hive.api.call('trainingStatus')).running);
    const [newest] = (await hive.api.call('listSessions')).sessions;
    expect(newest?.mode).toBe('train');
    await button('Stop').click();
    await eventually('another can be started', 10_000, () => button('Find limit').isEnabled());
    expect(newest?.budget_seconds).toBe(540);
    await page.getByLabel('Then soak at the safe rate').uncheck();
  });

  it('one run is generated and executed', async () => {
    const done = async () =>
      (await hive.api.call('listScenarios')).scenarios.filter(({ completed }) => completed).length;
    const before = await done();
    await button('Run once').click();
    await eventually('one more run is done', 60_000, async () => (await done()) > before);
  });

  it('a run is built: the chance to pass falls along the slider as the API has it, the plan is drawn, and it runs', () =>
    buildsARun(page, hive));

  it('whether it takes a rate is answered in a sentence', () => asksAboutARate(page, hive));

  it('two sessions that are chosen in the list are compared in the words of hive compare', () =>
    comparesTwoSessions(page, hive));

  it('no page has a barrier on a wide screen', async () => {
    const [newest] = (await hive.api.call('listSessions')).sessions;
    for (const path of [...PAGES, `/sessions/${newest?.id}`]) {
      await page.goto(hive.dashboardUrl + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect([path, await barriersOf(page)]).toEqual([path, []]);
      await page.setViewportSize({ width: 400, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([path, wide]).toEqual([path, 400]);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  it('every page stands behind a gate, whatever it is that refuses', async () => {
    const alone = await startDashboardAlone(hive.apiUrl);
    const guest = await (await browser.newContext()).newPage();
    try {
      for (const [close, said] of [
        [() => alone.answerWith('forbidden_host'), 'The API refuses this dashboard'],
        [() => alone.guardBy('secret'), 'Enter the token'],
      ] as const) {
        close();
        for (const path of PAGES) {
          await guest.goto(alone.url + path);
          await guest.getByRole('heading', { level: 1, name: said }).waitFor();
        }
      }
    } finally {
      await guest.context().close();
      await alone.end();
    }
  });
});
