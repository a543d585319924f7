import { rm } from 'node:fs/promises';
import { toTarget, type Analytics, type Limit, type SessionMode } from '@hive/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import { sampleSession } from '../store/samples.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

let server: TestServer;
let store: OpenedStore;
let dataDir: string;
beforeAll(async () => {
  dataDir = await preparedData('hive-trend-');
  store = await openStore({ dataDir });
  server = await startTestServer({}, { store });
});
afterAll(async () => {
  await server.end();
  await rm(dataDir, { recursive: true, force: true });
});

const foundLimit = (estimate: number): Limit => {
  const found = { estimate, low: estimate * 0.98, high: estimate * 1.02, band: null, safe: null, scenarios: 9 };
  const all = { kind: 'load_balancing', unit: 'requests/s', method: 'bracket', level: null } as const;
  const rest = { horizonSeconds: 10, binding: null, updatedAt: null };
  return { ...all, ...rest, ...found, status: 'known', own: { ...found, status: 'known', seconds: 60 } };
};
const dayOf = (day: number): string => new Date(Date.UTC(2026, 0, 1, 12) + day * 86_400_000).toISOString();

/** One session a day that found this. */
async function history(id: string, limits: readonly (number | [number, SessionMode])[]): Promise<void> {
  await store.saveTarget(toTarget({ ...TARGET, id }, id));
  for (const [day, found] of limits.entries()) {
    const [estimate, mode] = typeof found === 'number' ? ([found, 'train'] as const) : found;
    const times = { started_at: dayOf(day), ended_at: dayOf(day) };
    await store.createSession(
      sampleSession(id, { id: `${id}-${day}`, ...times, mode, limits: [foundLimit(estimate)] }),
    );
  }
}

async function trendOf(query: string): Promise<Pick<Analytics['kinds'][number], 'steps' | 'drop'> | undefined> {
  const { body } = await server.ask<Analytics>('GET', `/api/analytics/performance${query}`);
  return body.kinds[0];
}

const mark = (text: string, day: number, target?: string) =>
  server.ask('POST', '/api/marks', { text, at: dayOf(day), target });

it('tells a step with the marks between the last session before it and the first after it', async () => {
  await history('stepped', [400, 402, 398, 401, 399, 403, 300, 301, 299, 302, 298, 300]);
  await mark('4.2.0', 4.9, 'stepped');
  await mark('4.2.1', 5.5, 'stepped');
  await mark('new rack', 5.8);
  await mark('other 1.0', 5.7, 'shop-of-others').then(({ status }) => expect(status).toBe(404));
  await mark('4.2.2', 6.1, 'stepped');
  const trend = await trendOf('?target=stepped');
  expect(trend).toMatchObject({
    steps: [
      {
        before: { session_id: 'stepped-5', at: dayOf(5) },
        after: { session_id: 'stepped-6', at: dayOf(6) },
        ratio: expect.closeTo(0.75, 2) as number,
        marks: [{ text: 'new rack' }, { text: '4.2.1' }],
      },
    ],
    drop: null,
  });
  const { body } = await server.ask<Analytics>('GET', '/api/analytics/performance?target=stepped');
  expect(body.recommendations.map(({ text }) => text)).toContain(
    'Request rate: find out what changed, the limit dropped by 25 %',
  );
  // Of several targets no trend can be told.
  expect(await trendOf('')).toMatchObject({ steps: [], drop: null });
});

it('tells a drop that the two newest sessions saw, of sessions that looked for limits', async () => {
  await history('dropped', [400, 402, 398, 401, 399, 320, 322]);
  await mark('5.0.0', 4.5, 'dropped');
  expect(await trendOf('?target=dropped')).toMatchObject({
    steps: [],
    drop: {
      ratio: expect.closeTo(0.8, 1) as number,
      since: { session_id: 'dropped-5', at: dayOf(5) },
      against: 5,
      marks: [{ text: '5.0.0' }],
    },
  });
  await history('verified', [400, 402, 398, 401, 399, [320, 'verify'], [322, 'run']]);
  expect(await trendOf('?target=verified')).toMatchObject({ steps: [], drop: null });
});
