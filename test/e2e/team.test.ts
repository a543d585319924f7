import { createServer, type Server } from 'node:http';
import type { Incident } from '@hive/contract';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startReceiver, type Receiver } from '../../packages/server/test/channels/receiver.js';
import { chromium, describeWith } from '../services.js';
import { itSlow } from '../slow.js';
import { barriersOf, namelessOf } from './barriers.js';
import { QUIET } from './browser.js';
import { dataDirectory, freePorts, startHive, type HiveProcess } from './hive-process.js';

const ADMIN = { email: 'ada@example.org', password: 'twelve letters and more' };
const VIEWER = { email: 'vic@example.org', password: 'another long password' };

describeWith(chromium, 'what a team sees in a real browser', (executablePath) => {
  let data: Awaited<ReturnType<typeof dataDirectory>>;
  let hive: HiveProcess;
  let browser: Browser;
  let page: Page;
  let receiver: Receiver;
  let shop: Awaited<ReturnType<typeof serviceThatStops>>;
  const complaints: string[] = [];

  beforeAll(async () => {
    [data, shop, receiver] = await Promise.all([dataDirectory(), serviceThatStops(), startReceiver()]);
    [hive, browser] = await Promise.all([
      startHive(data.path, [], { HIVE_ALLOW_CHANNELS: '127.0.0.1' }),
      playwright.launch({ executablePath, args: QUIET, headless: true }),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    const body = { id: 'shop', url: shop.url, runbook: 'Start it again.' };
    await hive.api.call('createTarget', { body });
    const hook = { type: 'webhook' as const, url: receiver.url, secret: 'a long random text' };
    await hive.api.call('createChannel', { body: { id: 'hook', ...hook } });
  });
  afterAll(async () => {
    await browser.close();
    await hive.end();
    await Promise.all([data.remove(), shop.stop(), receiver.close()]);
  });

  const go = async (path: string, heading: string | RegExp, where = page): Promise<void> => {
    await where.goto(hive.dashboardUrl + path);
    await where.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  const region = (name: string) => page.getByRole('region', { name });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const signIn = async (where: Page, { email, password }: typeof ADMIN): Promise<void> => {
    await where.goto(hive.dashboardUrl);
    await where.getByLabel('E-mail').fill(email);
    await where.getByLabel('Password').fill(password);
    await where.getByRole('button', { name: 'Sign in' }).click();
    await where.getByRole('button', { name: `Account of ${email}` }).waitFor();
  };

  it('a check is scheduled, and what is wrong with it is said at its field', async () => {
    await go('/schedules', 'Schedules');
    await button('Add a schedule').click();
    const dialog = page.getByRole('dialog', { name: 'Add a schedule' });
    await dialog.getByLabel('Target').selectOption('shop');
    await dialog.getByLabel('Every').fill('1s');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByRole('alert').getByText("Write 'every 15m'").waitFor();
    expect(await dialog.getByLabel('Every').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('Every').fill('5s');
    await dialog.getByRole('button', { name: 'Add' }).click();
    const row = region('List of schedules').getByRole('listitem').filter({ hasText: 'every 5 seconds' });
    await row.getByText('passed').waitFor();
  });

  it('an incident appears while the page is open, when its service is gone', async () => {
    await go('/incidents', 'Incidents');
    await page.getByText('No incident is open.').waitFor();
    await shop.stop();
    await region('Open incidents')
      .getByRole('link', { name: /^shop: 5 of 5 requests failed/ })
      .click();
    await page.getByRole('heading', { level: 1, name: /^shop: 5 of 5 requests failed/ }).waitFor();
    await region('What failed').getByText(shop.url).first().waitFor();
    await region('Checks around it').getByText('Last good').waitFor();
    await region('Runbook').getByText('Start it again.').waitFor();
    // Who did not look hears of it: what was observed, and where to read on.
    await receiver.until(1);
    const told = JSON.parse(receiver.received[0]?.raw ?? '') as { link: string; event: string; incident: Incident };
    expect(told).toMatchObject({
      event: 'opened',
      incident: { target: 'shop', observed: expect.stringContaining('5 of 5'), allowed: expect.any(String) },
    });
    expect(receiver.received[0]?.headers['x-hive-signature']).toMatch(/^v1=[0-9a-f]{64}$/);
    const { pathname, port } = new URL(told.link);
    expect([pathname, port]).toEqual([new URL(page.url()).pathname, new URL(hive.dashboardUrl).port]);
    await region('Is it real?').waitFor();
  });

  it('somebody acknowledges it with a note', async () => {
    await region('Actions').getByLabel('Note').fill('I look at it');
    await button('Acknowledge').click();
    await region('Who has it').getByText('I look at it').waitFor();
    await button('Acknowledge').waitFor({ state: 'detached' });
    await button('Mute 1 h').click();
    await button('End mute').waitFor();
    const [incident] = (await hive.api.call('listIncidents', { query: { status: 'open' } })).incidents;
    expect(incident?.acknowledgedBy).toBe('anyone on this machine');
  });

  const namesAndFits = async (pages: [path: string, heading: string | RegExp][]): Promise<void> => {
    for (const [path, heading] of pages) {
      await page.setViewportSize({ width: 320, height: 700 });
      await go(path, heading);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([path, wide]).toEqual([path, 320]);
      expect([path, namelessOf(await page.locator('body').ariaSnapshot())]).toEqual([path, []]);
      expect([path, await barriersOf(page)]).toEqual([path, []]);
    }
  };
  itSlow('the rules and the audit name what can be used, fit a telephone, and have no barrier', () =>
    namesAndFits([
      ['/incidents/rules', 'Rules'],
      ['/settings/audit', 'Audit'],
    ]),
  );
  it('every page names what can be used, fits a telephone, and has no barrier', async () => {
    const [incident] = (await hive.api.call('listIncidents')).incidents;
    await namesAndFits([
      [`/incidents/${incident?.id}`, /^shop/],
      ['/schedules', 'Schedules'],
    ]);
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Schedules' }).click();
    await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('it closes by itself when its service is back', async () => {
    await go('/incidents', 'Incidents');
    await region('Open incidents').getByRole('link', { name: /^shop/ }).click();
    await region('Actions').waitFor();
    await shop.start();
    await page.getByText('closed', { exact: true }).first().waitFor();
    await region('Who has it')
      .getByText(/· closed/)
      .waitFor();
  });

  it('the first admin makes the accounts, and a viewer is offered nothing that they may not do', async () => {
    await go('/settings/people', 'People');
    await button('Add the first admin').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill(ADMIN.email);
    await dialog.getByLabel('Password').fill('short');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByRole('alert').getByText('at least 12 characters').waitFor();
    await dialog.getByLabel('Password').fill(ADMIN.password);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await signIn(page, ADMIN);
    await go('/settings/people', 'People');
    expect(await button(`Remove ${ADMIN.email}`).count()).toBe(0);
    await button('Add someone').click();
    await dialog.getByLabel('E-mail').fill(VIEWER.email);
    await dialog.getByLabel('Password').fill(VIEWER.password);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await page.getByText('2 people may sign in: 1 admin, 1 viewer.').waitFor();
    await go('/targets/shop', 'shop');
    await button('Find limit').waitFor();

    const context = await browser.newContext();
    const guest = await context.newPage();
    await signIn(guest, VIEWER);
    await go('/targets/shop', 'shop', guest);
    await guest
      .getByRole('region', { name: 'Availability' })
      .getByText(/answered [\d.]+ % of the checks/)
      .waitFor();
    const offered = await guest.getByRole('button').allInnerTexts();
    expect(offered.filter((text) => /find limit|run once|stop|ask/i.test(text))).toEqual([]);
    expect(await guest.getByRole('link', { name: /^(Edit|New run)$/ }).count()).toBe(0);
    await go('/settings', 'Settings', guest);
    const parts = guest.getByRole('navigation', { name: 'Parts of settings' }).getByRole('link');
    expect(await parts.allInnerTexts()).toEqual(['General', 'Account', 'Tokens', 'Channels']);
    await go('/runs/new', 'New run', guest);
    await guest.getByText('As a viewer, you may not do this.').waitFor();
    await context.close();
  }, 120_000);

  it('a token is shown once and revoked, and signing out ends it', async () => {
    await go('/settings/tokens', 'Tokens');
    await button('Make a token').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What it is for').fill('CI of shop');
    await dialog.getByRole('button', { name: 'Make' }).click();
    const token = await dialog.getByText(/^hive_/).innerText();
    const ask = () => fetch(`${hive.apiUrl}/api/targets`, { headers: { authorization: `Bearer ${token}` } });
    expect((await ask()).status).toBe(200);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await button('Revoke CI of shop').click();
    await button('Revoke CI of shop').click();
    await page.getByText('There is no token.').waitFor();
    expect((await ask()).status).toBe(401);
    await go('/settings/audit?action=revokeToken', 'Audit');
    await region('Entries').getByText('revokeToken').first().waitFor();
    await button(`Account of ${ADMIN.email}`).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

/** A small service at a port of its own that can be stopped and started again. */
async function serviceThatStops() {
  const [port] = await freePorts();
  let server: Server | null = null;
  const start = async (): Promise<void> => {
    server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
  };
  const stop = async (): Promise<void> => {
    const running = server;
    server = null;
    running?.closeAllConnections();
    await new Promise((resolve) => (running === null ? resolve(null) : running.close(resolve)));
  };
  await start();
  return { url: `http://127.0.0.1:${port}`, start, stop };
}
