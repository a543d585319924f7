import { createClient } from '@hive/contract';
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, describeWith } from '../services.js';
import { itSlow } from '../slow.js';
import { QUIET } from './browser.js';
import { dataDirectory, eventually, startHive, type HiveProcess } from './hive-process.js';

const TOKEN = 'a-long-random-text-that-no-script-may-read';
const PATHS = ['/', '/sessions', '/sessions/nothing', '/nothing'];

let data: Awaited<ReturnType<typeof dataDirectory>>;
let hive: HiveProcess;
beforeAll(async () => {
  data = await dataDirectory();
  hive = await startHive(data.path, [], { HIVE_TOKEN: TOKEN });
});
afterAll(async () => {
  await hive.end();
  await data.remove();
});

/** The policy of an answer: what each directive allows. */
function policyOf(answer: Response): Map<string, string[]> {
  const text = answer.headers.get('content-security-policy') ?? '';
  return new Map(
    text.split('; ').map((directive) => {
      const [name = '', ...allowed] = directive.split(' ');
      return [name, allowed];
    }),
  );
}
const nonceOf = (policy: Map<string, string[]>): string | undefined =>
  /^'nonce-(.+)'$/.exec(policy.get('script-src')?.[1] ?? '')?.[1];

describe('the dashboard of a Hive with a token', () => {
  it.each(PATHS)('lets %s run its own scripts alone, and speak with the API alone', async (path) => {
    const answer = await fetch(hive.dashboardUrl + path);
    const policy = policyOf(answer);
    const nonce = nonceOf(policy);
    expect(nonce).toMatch(/^[\w+/]{22}==$/);
    const { origin } = new URL(hive.apiUrl);
    expect(Object.fromEntries(policy)).toMatchObject({
      'default-src': ["'self'"],
      'script-src': ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'"],
      'connect-src': ["'self'", origin, origin.replace('http', 'ws')],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    });
    expect(policy.get('style-src')).not.toContain("'unsafe-inline'");
    const html = await answer.text();
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
    expect(nonceOf(policyOf(await fetch(hive.dashboardUrl + path)))).not.toBe(nonce);
  });

  it('keeps the token where no script can read it, and takes the readable cookie of 0.1.0 away', async () => {
    const put = (body: string, headers = {}) => fetch(`${hive.dashboardUrl}/token`, { method: 'PUT', body, headers });
    const [kept] = (await put(JSON.stringify({ token: TOKEN }))).headers.getSetCookie();
    expect(kept).toMatch(/^hive_api_token=[^;]+; Path=\/;.* HttpOnly; SameSite=strict$/i);
    const [overTls] = (
      await put(JSON.stringify({ token: TOKEN }), { origin: 'https://hive.example' })
    ).headers.getSetCookie();
    expect(overTls).toMatch(/; Secure/);
    for (const body of ['', '{}', '{"token":7}', '{"token":"a b"}', '{"token":"']) {
      const refused = await put(body);
      expect([body, refused.status, refused.headers.getSetCookie()]).toEqual([body, 400, []]);
    }
    const earlier = await fetch(hive.dashboardUrl, { headers: { cookie: `hive_token=${TOKEN}` } });
    expect(earlier.headers.getSetCookie()).toEqual([expect.stringMatching(/^hive_token=;.*Expires=Thu, 01 Jan 1970/)]);
  });

  it('gives tickets to who has the token alone, and never the token', async () => {
    const ask = (cookie: string) => fetch(`${hive.dashboardUrl}/token/api/ticket`, { headers: { cookie } });
    for (const cookie of ['', 'hive_api_token=guess', `hive_token=${TOKEN}`])
      expect((await ask(cookie)).status).toBe(401);
    const answer = await ask(`hive_api_token=${TOKEN}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { ticket } = (await answer.json()) as { ticket: string };
    expect(ticket).not.toContain(TOKEN);
    const visitor = createClient({ baseUrl: hive.apiUrl, token: ticket });
    expect((await visitor.call('listTargets')).targets).not.toEqual([]);
    await expect(visitor.call('getTicket')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describeWith(chromium, 'in a real browser', (executablePath) => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  const sockets: string[] = [];

  beforeAll(async () => {
    browser = await playwright.launch({ executablePath, args: QUIET, headless: true });
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('websocket', (socket) => sockets.push(socket.url()));
  });
  afterAll(() => browser.close());

  const isLive = () => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('the page is live with the token, which neither the page nor the feed shows', async () => {
    await page.goto(hive.dashboardUrl);
    await page.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await isLive();
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(await context.cookies()).toMatchObject([{ name: 'hive_api_token', httpOnly: true, sameSite: 'Strict' }]);
    expect(await page.content()).not.toContain(TOKEN);
    expect(sockets.join(' ')).toContain('/ws/metrics');
    expect(sockets.join(' ')).not.toMatch(/token|ticket|hive-live/);
    expect(sockets.join(' ')).not.toContain(TOKEN);
  });

  it('acts, and hears of what it did', async () => {
    const api = createClient({ baseUrl: hive.apiUrl, token: TOKEN });
    await page.goto(`${hive.dashboardUrl}/targets/practice`);
    await isLive();
    const answer = page.waitForResponse((response) => response.url().endsWith('/api/training/start'));
    await button('Find limit').click();
    expect((await answer).status()).toBe(202);
    await eventually('the session runs', 15_000, async () => (await api.call('trainingStatus')).running);
    await button('Stop').click();
    await eventually('it has stopped', 10_000, async () => !(await api.call('trainingStatus')).running);
    await eventually('another can be started', 10_000, () => button('Find limit').isEnabled());
  });

  // The browser tells of a refused request by itself; all other complaints are ours.
  const ours = (): string[] => complaints.filter((text) => !/status of (401|403)/.test(text));

  it('shows dialogs, toasts and pages without a complaint of the browser', async () => {
    await page.goto(hive.dashboardUrl);
    await isLive();
    await button('Add a target').click();
    const dialog = page.getByRole('dialog', { name: 'Add a target' });
    await dialog.getByLabel('Address').fill('http://192.0.2.1');
    await dialog.getByRole('button', { name: 'Add target' }).click();
    await dialog.getByText('192.0.2.1').last().waitFor();
    await page.keyboard.press('Escape');
    for (const path of ['/targets/practice', '/settings']) {
      await page.goto(hive.dashboardUrl + path);
      await isLive();
    }
    // By a link, and then with a style that a script puts into the page: the document is still the first one.
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page.locator('html.dark').waitFor();
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await button('Add a target').click();
    await dialog.waitFor();
    expect(ours()).toEqual([]);
  });

  itSlow('shows every other page without a complaint of the browser', async () => {
    const [{ id } = { id: '' }] = (await createClient({ baseUrl: hive.apiUrl, token: TOKEN }).call('listSessions'))
      .sessions;
    const paths = ['/', '/sessions', `/sessions/${id}`, '/runs', '/compare', '/targets/practice/edit', '/targets/new'];
    for (const path of paths) {
      await page.goto(hive.dashboardUrl + path);
      await isLive();
    }
    expect(ours()).toEqual([]);
  });

  it('no script runs that the page did not come with', async () => {
    const injected = await context.newPage();
    const refused: string[] = [];
    injected.on('console', (message) => refused.push(message.text()));
    await injected.route(`${hive.dashboardUrl}/`, async (route) => {
      const answer = await route.fetch();
      const evil =
        '<script>window.ran = 1</script><img src="x" onerror="window.ran = 2"><base href="http://evil.example/">';
      await route.fulfill({ response: answer, body: (await answer.text()).replace('<body', `${evil}<body`) });
    });
    await injected.goto(`${hive.dashboardUrl}/`);
    await eventually('the browser has refused them', 15_000, async () => {
      const all = refused.join('\n');
      return /inline script/i.test(all) && /event handler/i.test(all);
    });
    expect(await injected.evaluate(() => (globalThis as { ran?: number }).ran)).toBeUndefined();
    expect(await injected.evaluate(() => document.baseURI)).toBe(`${hive.dashboardUrl}/`);
  });
});
