import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromium, describeWith } from '../services.js';
import { barriersOf, namelessOf } from './barriers.js';
import { lookAtHive, type Looking } from './browser.js';
import type { HiveProcess } from './hive-process.js';

const ADMIN = { email: 'ada@example.org', password: 'twelve letters and more' };
const PAGES = [
  ['/settings/people', 'People'],
  ['/settings/tokens', 'Tokens'],
  ['/settings/channels', 'Channels'],
  ['/settings/account', 'Account'],
  ['/settings/audit', 'Audit'],
  ['/incidents/maintenance', 'Maintenance'],
  ['/incidents/rules', 'Rules'],
  ['/fleet', 'Load generators'],
] as const;

describeWith(chromium, 'what an admin sets in a real browser', (executablePath) => {
  let looking: Looking;
  let hive: HiveProcess;
  let page: Page;

  beforeAll(async () => {
    looking = await lookAtHive(executablePath);
    ({ hive, page } = looking);
    const { api } = hive;
    await api.call('createChannel', { body: { type: 'slack', name: 'On call', url: 'https://hooks.example.org/T1' } });
    const to = new Date(Date.now() + 3_600_000).toISOString();
    await api.call('createMaintenance', { body: { target: 'practice', to, reason: 'a new database' } });
    await becomeAdmin();
    await makeToken();
  }, 180_000);
  afterAll(() => looking.end());

  const becomeAdmin = async (): Promise<void> => {
    await page.goto(`${hive.dashboardUrl}/settings/people`);
    await page.getByRole('button', { name: 'Add the first admin' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill(ADMIN.email);
    await dialog.getByLabel('Password').fill(ADMIN.password);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail').fill(ADMIN.email);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: `Account of ${ADMIN.email}` }).waitFor();
  };
  const makeToken = async (): Promise<void> => {
    await page.goto(`${hive.dashboardUrl}/settings/tokens`);
    await page.getByRole('button', { name: 'Make a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What it is for').fill('CI of shop');
    await dialog.getByRole('button', { name: 'Make' }).click();
    await dialog.getByRole('button', { name: 'I have it' }).click();
  };

  it.each(PAGES)('%s has no barrier, in both themes, narrow and wide', async (path, heading) => {
    for (const width of [320, 375, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(hive.dashboardUrl + path);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      expect([width, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([width, width]);
      expect([width, namelessOf(await page.locator('body').ariaSnapshot())]).toEqual([width, []]);
      expect([width, await barriersOf(page)]).toEqual([width, []]);
    }
  });
});
