import { readFile } from 'node:fs/promises';
import { DIFFICULTIES, KINDS, VALIDITY_WORDS, VERDICT_WORDS, type ScenariosFilter } from '@hive/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromium, describeWith } from '../services.js';
import { lookAtHive, type Looking } from './browser.js';
import { storeHistory } from '../../packages/server/test/store/history.js';
import type { HiveProcess } from './hive-process.js';

const STORED = 10_000;
/** `fill` has one run more: the one it copies. */
const RUNS = STORED + 1;
const PAGE_ROWS = 100;
/** What the dashboard asks for is a second. Tests run on machines that are busy with others, so that this says "by far too slow". */
const MOST_MS = 10_000;
const ATTEMPTS = 3;

describeWith(chromium, 'with 10,000 stored runs, the dashboard', (executablePath) => {
  let looking: Looking;
  let hive: HiveProcess;
  let page: Page;

  beforeAll(async () => {
    looking = await lookAtHive(executablePath, { prepare: (data) => storeHistory(data, STORED) });
    ({ hive, page } = looking);
  }, 300_000);
  afterAll(() => looking.end());

  const rows = () => page.getByRole('region', { name: 'List of runs' }).locator('tbody tr');
  const headed = (total: number) =>
    page.getByRole('heading', { name: `${total.toLocaleString('en-US')} run${total === 1 ? '' : 's'}`, exact: true });
  const older = () => page.getByRole('link', { name: 'Older runs' });
  const total = async (query: ScenariosFilter): Promise<number> =>
    (await hive.api.call('countScenarios', { query })).total;

  /** How long it takes until a page is `usable`, at best: the first time also fills caches. */
  const timed = async (path: string, usable: () => Promise<void>): Promise<void> => {
    const times: number[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const begunMs = performance.now();
      await page.goto(hive.dashboardUrl + path, { waitUntil: 'commit' });
      await usable();
      times.push(performance.now() - begunMs);
    }
    process.stdout.write(`${path} is usable after ${times.map(Math.round).join(', ')} ms\n`);
    expect(Math.min(...times)).toBeLessThan(MOST_MS);
  };

  it('shows the newest runs soon, and they can be gone through', async () => {
    await timed('/runs', async () => {
      await headed(RUNS).waitFor();
      await rows()
        .nth(PAGE_ROWS - 1)
        .waitFor();
      // Keys work once its script does.
      await page.waitForFunction(() => {
        document.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
        return document.activeElement?.closest('tbody tr') !== null;
      });
    });
    expect(await rows().count()).toBe(PAGE_ROWS);
  });

  it.each([
    ['/', 'Targets', /target-9/],
    ['/sessions', 'Newest sessions', /target-0/],
    ['/targets/target-3', 'Recent runs', /number \d+/],
    ['/targets/target-3', 'Sessions of target-3', /target-3/],
    ['/sessions/session-7', 'Runs', /number \d+/],
    ['/runs/run-5000', 'Objectives', /p\(99\)<250/],
  ])('shows %s: %s', async (path, region, text) => {
    await timed(path, async () => {
      await page.getByRole('region', { name: region, exact: true }).getByText(text).first().waitFor();
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    });
  });

  it('reaches all of them, page by page', async () => {
    await page.goto(`${hive.dashboardUrl}/runs`);
    const seen = new Set<string>();
    for (let at = 0; ; at += 1) {
      const left = RUNS - at * PAGE_ROWS;
      await expect.poll(() => rows().count()).toBe(Math.min(PAGE_ROWS, left));
      for (const link of await rows()
        .locator('a')
        .evaluateAll((links) => links.map((one) => one.getAttribute('href'))))
        seen.add(link ?? '');
      if (left <= PAGE_ROWS) break;
      const place = page.url();
      await older().click();
      await page.waitForURL((url) => url.href !== place);
    }
    expect(seen.size).toBe(RUNS);
    expect(seen).toContain(`/runs/run-${STORED}`);
    expect(await older().count()).toBe(0);
  });

  it('counts with each filter what the API counts', async () => {
    const counts = await hive.api.call('countScenarios', {});
    const day = new Date(Date.now() - 4 * 86_400_000).toISOString().slice(0, 10);
    const filters: [label: string, query: ScenariosFilter][] = [
      ...KINDS.filter((kind) => counts.byKind[kind]).map((kind) => ['Kind', { kind }] as const),
      ...keys(VERDICT_WORDS).map((verdict) => ['Verdict', { verdict }] as const),
      ...keys(VALIDITY_WORDS).map((validity) => ['Trust', { validity }] as const),
      ...DIFFICULTIES.map((difficulty) => ['Difficulty', { difficulty }] as const),
      ['Target', { target: 'target-4' }],
    ].map(([label, query]) => [label as string, query as ScenariosFilter]);
    for (const [label, query] of filters) {
      await page.goto(`${hive.dashboardUrl}/runs`);
      await headed(RUNS).waitFor();
      const [value = ''] = Object.values(query);
      const said = await page.getByLabel(label, { exact: true }).locator(`option[value="${value}"]`).innerText();
      const expected = await total(query);
      const [, number] = /\(([\d,]+)\)$/.exec(said) ?? [];
      if (number !== undefined) expect([said, Number(number.replaceAll(',', ''))]).toEqual([said, expected]);
      await page.getByLabel(label, { exact: true }).selectOption(value);
      await headed(expected).waitFor();
      expect([query, await rows().count()]).toEqual([query, Math.min(PAGE_ROWS, expected)]);
    }
    const combined = {
      verdict: 'failed',
      kind: 'load_balancing',
      from: `${day}T00:00:00.000Z`,
      text: 'number 1',
    } as const;
    await page.goto(`${hive.dashboardUrl}/runs?${new URLSearchParams({ ...combined, from: day }).toString()}`);
    const expected = await total(combined);
    expect(expected).toBeGreaterThan(PAGE_ROWS);
    await headed(expected).waitFor();
  });

  it.each([
    ['all', {}],
    ['those that failed', { verdict: 'failed' }],
    ['those of a target', { target: 'target-4' }],
  ] as const)('saves a line for each: %s', async (_which, query) => {
    await page.goto(`${hive.dashboardUrl}/runs?${new URLSearchParams(query).toString()}`);
    const expected = await total(query);
    await headed(expected).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const csv = await readFile(await (await saved).path(), 'utf8');
    expect(csv.trimEnd().split('\r\n')).toHaveLength(expected + 1);
  });
});

function keys<Key extends string>(words: Readonly<Record<Key, string>>): Key[] {
  return Object.keys(words) as Key[];
}
