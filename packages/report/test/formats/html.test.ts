import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium as browsers, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, describeWith } from '../../../../test/services.js';
import { renderReport } from '../../src/index.js';
import { REPORTS, textOf } from '../samples.js';

const pages = new Map<string, Promise<string>>();
/** The page of one of the reports. It is not made twice. */
function html(name: string): Promise<string> {
  const page = pages.get(name) ?? textOf(renderReport(REPORTS[name]!(), 'html'));
  pages.set(name, page);
  return page;
}

describe('a report as a web page', () => {
  it.each(Object.keys(REPORTS))(
    'of a session %s has no script, no handler and no address to load from',
    async (name) => {
      const page = await html(name);
      expect(page).not.toMatch(/<script|<img|<iframe|<object|<link(?! rel="icon" href="data:,")/i);
      expect(page.match(/<[^>]*\s(?:on\w+|src|style)=/gi)).toBeNull();
      expect(page.match(/<[^>]*\shref="(?!data:,)/gi)).toBeNull();
      expect(page).not.toMatch(/\bNaN\b|\bInfinity\b|undefined|\[object/);
    },
  );
});

describeWith(chromium, 'a report in a browser', (path) => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await browsers.launch({ executablePath: path, args: ['--no-sandbox'] });
    folder = mkdtempSync(join(tmpdir(), 'hive-report-'));
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  interface Seen {
    page: Page;
    complaints: string[];
    requests: string[];
  }

  /** The page as a reader opens it from a folder: what it asks for, and what the browser says against it. */
  async function open(
    name: string,
    more: { colorScheme?: 'light' | 'dark'; javaScriptEnabled?: boolean } = {},
  ): Promise<Seen> {
    const file = join(folder, `${Math.random()}.html`);
    writeFileSync(file, await html(name));
    const page = await browser.newPage({ viewport: { width: 1_000, height: 900 }, ...more });
    const seen: Seen = { page, complaints: [], requests: [] };
    page.on('console', (message) => seen.complaints.push(message.text()));
    page.on('pageerror', (error) => seen.complaints.push(error.message));
    page.on('dialog', (dialog) => {
      seen.complaints.push(dialog.message());
      void dialog.dismiss();
    });
    const url = pathToFileURL(file).href;
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) seen.requests.push(request.url());
    });
    await page.goto(url);
    return seen;
  }

  it.each(Object.keys(REPORTS))(
    'of a session %s loads without a complaint, a request or a sideways scroll',
    async (name) => {
      const { page, complaints, requests } = await open(name);
      expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wide).toBe(0);
      await page.close();
    },
  );

  it('says everything without scripts, names as they are', async () => {
    const report = REPORTS['with hostile names']!();
    const { page } = await open('with hostile names', { javaScriptEnabled: false });
    const text = await page.locator('body').innerText();
    for (const part of [
      'Max rate: 412 requests/s (396–429)',
      'Objectives',
      'Limits',
      'Runs',
      '<script>alert(1)</script>',
      '🚢',
      'שלום עולם',
      'مرحبا',
    ])
      expect(text).toContain(part);
    expect(await page.locator('svg').count()).toBe(3);
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(report.runs.length);
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'can be read in the %s theme: text stands out from its ground',
    async (colorScheme) => {
      const { page } = await open('usual', { colorScheme });
      const least = await page.evaluate(() => {
        const lightness = (color: string): number => {
          const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? [])
            .map((one) => Number(one) / 255)
            .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = (element: Element | null): string => {
          if (element === null) return 'rgb(255, 255, 255)';
          const { backgroundColor } = getComputedStyle(element);
          return backgroundColor === 'rgba(0, 0, 0, 0)' ? ground(element.parentElement) : backgroundColor;
        };
        const contrasts = [
          ...document.querySelectorAll('p, h1, h2, h3, td, th, li, dd, dt, figcaption, td span, svg text'),
        ].map((element) => {
          const style = getComputedStyle(element);
          const [one, other] = [
            lightness(element instanceof SVGElement ? style.fill : style.color),
            lightness(ground(element)),
          ];
          return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        });
        return Math.min(...contrasts);
      });
      // WCAG 2.1, level AA.
      expect(least).toBeGreaterThanOrEqual(4.5);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(ground).toBe(colorScheme === 'light' ? 'rgb(246, 245, 242)' : 'rgb(14, 14, 16)');
      await page.close();
    },
  );

  it('prints light, with nothing cut off at the side', async () => {
    const { page } = await open('usual', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    // The width of A4 between the margins, CSS pixels.
    await page.setViewportSize({ width: 688, height: 1_000 });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    const widest = await page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('table, svg, p')].map((one) => one.getBoundingClientRect().right)),
    );
    expect(widest).toBeLessThanOrEqual(688);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.length).toBeGreaterThan(10_000);
    await page.close();
  });
});
