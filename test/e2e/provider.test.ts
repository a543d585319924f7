import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProvider, type Provider } from '../../packages/server/test/identity/provider.js';
import { chromium, describeWith } from '../services.js';
import { QUIET } from './browser.js';
import { dataDirectory, startHive, type HiveProcess } from './hive-process.js';

describeWith(chromium, 'signing in with OpenID Connect in a real browser', (executablePath) => {
  let data: Awaited<ReturnType<typeof dataDirectory>>;
  let hive: HiveProcess;
  let browser: Browser;
  let provider: Provider;

  beforeAll(async () => {
    [data, provider] = await Promise.all([dataDirectory(), startProvider()]);
    provider.people.set('Ada', { claims: { sub: 'ada', email: 'ada@example.org', name: 'Ada', groups: ['sre'] } });
    provider.people.set('Vic', { claims: { sub: 'vic', email: 'vic@example.org', name: 'Vic', groups: ['staff'] } });
    const secret = join(data.path, 'client-secret');
    await writeFile(secret, provider.clientSecret);
    const settings = {
      HIVE_OIDC_ISSUER: provider.issuer,
      HIVE_OIDC_CLIENT_ID: provider.clientId,
      HIVE_OIDC_CLIENT_SECRET_FILE: secret,
      HIVE_OIDC_ROLE_MAP: 'sre=operator,guests=viewer',
      HIVE_LOCAL_LOGIN: 'off',
      HIVE_TOKEN: 'of-the-test',
    };
    [hive, browser] = await Promise.all([
      startHive(data.path, [], settings),
      playwright.launch({ executablePath, args: QUIET, headless: true }),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await hive.end();
    await Promise.all([data.remove(), provider.close()]);
  });

  const visitor = async (path: string): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(hive.dashboardUrl + path);
    await page.getByRole('button', { name: /^Sign in with 127\.0\.0\.1/ }).click();
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    return page;
  };

  it('a claim decides the role, and one comes back to the page that one wanted', async () => {
    const page = await visitor('/schedules');
    await page.getByRole('link', { name: 'I am Ada' }).click();
    await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/schedules');
    await page.getByRole('button', { name: 'Account of Ada' }).waitFor();
    // An operator measures, and changes no schedule.
    expect(await page.getByRole('button', { name: 'Add a schedule' }).count()).toBe(0);
    const me = await page.evaluate(async (url) => {
      const answer = await fetch(`${url}/api/me`, { credentials: 'include' });
      return (await answer.json()) as { role: string; permissions: string[] };
    }, hive.apiUrl);
    expect([me.role, me.permissions.includes('run')]).toEqual(['operator', true]);
    const [cookie] = await page.context().cookies(hive.apiUrl);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    await page.getByRole('button', { name: 'Account of Ada' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: /^Sign in with/ }).waitFor();
    await page.context().close();
  });

  it('somebody without a claim that means a role is told so, and stays outside', async () => {
    const page = await visitor('/');
    await page.getByRole('link', { name: 'I am Vic' }).click();
    const alert = page.getByRole('alert').filter({ hasText: /\w/ });
    await alert.waitFor();
    expect(await alert.innerText()).toContain('role');
    expect(await page.context().cookies(hive.apiUrl)).toEqual([]);
    await page.context().close();
  });
});
