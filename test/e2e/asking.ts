import { ANSWER_WORDS, comparisonInWords, percent } from '@hive/contract';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { eventually, type HiveProcess } from './hive-process.js';

const words = (page: Page) => ({
  region: (name: string) => page.getByRole('region', { name }),
  heading: (name: string) => page.getByRole('heading', { level: 1, name }),
  button: (name: string) => page.getByRole('button', { name, exact: true }),
  isLive: () => page.getByRole('status').filter({ hasText: 'Live' }).waitFor(),
});

/** Builds one run on its page, and runs it. */
export async function buildsARun(page: Page, hive: HiveProcess): Promise<void> {
  const { region, heading, button, isLive } = words(page);
  await page.goto(`${hive.dashboardUrl}/runs/new?target=practice`);
  await heading('New run').waitFor();
  await region('The plan').locator('svg title').getByText('judged').waitFor({ state: 'attached' });
  const loads: number[] = [];
  const chances: number[] = [];
  for (const place of ['60', '130', '200']) {
    await page.getByLabel('Load, as a slider').fill(place);
    const load = Number(await page.getByLabel('Load', { exact: true }).inputValue());
    const query = { kind: 'load_balancing', intensity: load } as const;
    const { pass } = await hive.api.call('predict', { params: { id: 'practice' }, query });
    const said = `${percent(Math.round((pass ?? 0) * 100) / 100)} chance to pass`;
    await region('The plan').getByText(said).waitFor();
    loads.push(load);
    chances.push(pass ?? Number.NaN);
  }
  expect(loads).toEqual(loads.toSorted((one, other) => one - other));
  expect(chances).toEqual(chances.toSorted((one, other) => other - one));
  await page.getByLabel('Load', { exact: true }).fill('40');
  await page.getByLabel('Judged part, s').fill('4');
  await button('Add a fault').click();
  await page.getByLabel('Latency, ms').fill('20');
  await region('The plan').locator('svg title').getByText('Latency 20 ms').waitFor({ state: 'attached' });
  await page.reload();
  await region('The plan').getByText('As YAML').click();
  await region('The plan')
    .getByText(/intensity: 40\ndurationSeconds: 4\nfaults:/)
    .waitFor();
  await button('Run once').click();
  await heading('Session of practice').waitFor();
  await eventually('it ended', 60_000, async () => !(await hive.api.call('trainingStatus')).running);
  const [newest] = (await hive.api.call('listScenarios', { query: { limit: 1 } })).scenarios;
  expect(newest).toMatchObject({
    intensity: 40,
    parameters: { plan: { durationMs: 4_000, faults: [{ type: 'latency' }] } },
  });
  await page.goto(`${hive.dashboardUrl}/targets/practice`);
  await isLive();
}

/** Asks whether the practice target takes a rate. */
export async function asksAboutARate(page: Page, hive: HiveProcess): Promise<void> {
  const { heading, isLive } = words(page);
  const form = page.getByRole('form', { name: 'Can it take a rate' });
  await form.getByLabel('Requests per second').fill('100');
  await form.getByLabel('For').selectOption({ label: '10 seconds' });
  await form.getByRole('button', { name: 'Ask' }).click();
  await heading('Session of practice').waitFor();
  await page.getByText('Can it take 100 requests/s for 10 s?').waitFor();
  await eventually('it is answered', 100_000, async () => !(await hive.api.call('trainingStatus')).running);
  const [newest] = (await hive.api.call('listSessions', { query: { limit: 1 } })).sessions;
  expect(newest).toMatchObject({ mode: 'verify', question: { at_per_second: 100, for_seconds: 10 } });
  await page.getByText(`${ANSWER_WORDS[newest?.answer ?? 'undecided']}: ${newest?.end_reason}`).waitFor();
  await page.goto(`${hive.dashboardUrl}/targets/practice`);
  await isLive();
}

/** Compares the two newest sessions, and looks at one of them again. */
export async function comparesTwoSessions(page: Page, hive: HiveProcess): Promise<void> {
  const { region, heading, button, isLive } = words(page);
  await page.goto(`${hive.dashboardUrl}/sessions`);
  const chosen = (await hive.api.call('listSessions')).sessions.slice(0, 2).map(({ id }) => id);
  for (const id of chosen) await page.locator(`input[name=session][value="${id}"]`).check();
  await button('Compare the two chosen').click();
  await heading('Compare two sessions').waitFor();
  const [b, a] = chosen as [string, string];
  const comparison = await hive.api.call('compareSessions', { query: { a, b } });
  expect(comparison.sessions).toEqual({ base: a, candidate: b });
  await region('Answer').getByText(comparisonInWords(comparison)).waitFor();
  expect(page.url()).toContain(`session=${a}`);
  await page.reload();
  await region('Answer').getByText(comparisonInWords(comparison)).waitFor();
  await region('What else differs').waitFor();
  await page.goto(`${hive.dashboardUrl}/sessions/${a}`);
  // What it measured is drawn again from what was kept.
  await region('Metrics chart').getByText('good answers', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Overview', exact: true }).click();
  await isLive();
}
