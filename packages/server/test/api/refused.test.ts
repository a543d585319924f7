import type { Target } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFUSED_TARGETS } from '../../../contract/test/refused-targets.js';
import { FORBIDDEN_ADDRESSES, UNNAMED_ADDRESSES } from '../../../engine/test/safety/refused-addresses.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
/** A request, how it is refused, and what the message names. */
type Refused = [method: Method, path: string, body: unknown, refusal: string, names: string];

const url = 'http://127.0.0.1:1';

/** Of the contract, and what is looked at beyond it. */
const DESCRIPTIONS: [input: unknown, field: string][] = [
  ...REFUSED_TARGETS,
  [undefined, 'url'],
  [{ url: 'http://user:pw@127.0.0.1:1' }, 'url'],
  [{ url, requests: [{ path: '/a\r\nx: y' }] }, 'requests.0.path'],
  [{ url, requests: [{ headers: { a: 'b\nc: d' } }] }, 'requests.0.headers.a'],
  [{ url, requests: [{ headers: { 'a b': 'c' } }] }, 'requests.0.headers.a b'],
  [{ url, nodeHeader: 'a\0b' }, 'nodeHeader'],
  [{ url, safety: { maxSeconds: -1 } }, 'safety.maxSeconds'],
];

const STARTS: [input: unknown, field: string][] = [
  [{ budgetSeconds: 1 }, 'budgetSeconds'],
  [{ kinds: ['juggling'] }, 'kinds.0'],
  [{ kinds: [] }, 'kinds'],
  [{ kinds: ['cache_efficiency', 'memory_optimization'] }, 'kinds'],
  [{ precision: 2 }, 'precision'],
  [{ holdSeconds: 10 }, 'holdSeconds'],
  [{ holdSeconds: 300, budgetSeconds: 120 }, 'budgetSeconds'],
  [{ holdSeconds: 301, budgetSeconds: 500 }, 'holdSeconds'],
  [{ holdSeconds: 60, kinds: ['concurrent_requests'] }, 'kinds'],
  [{ objectives: ['p(101)<1'] }, 'objectives.0'],
  [{ speed: 'fast' }, 'speed'],
  ['now', 'body'],
];

const GENERATIONS: [input: unknown, field: string][] = [
  [{ kind: 'juggling' }, 'kind'],
  [{ kind: 'cache_efficiency' }, 'kind'],
  [{ difficulty: 'absurd' }, 'difficulty'],
  [{ intensity: -5 }, 'intensity'],
  [{ seed: 0.5 }, 'seed'],
];

const QUERIES: [path: string, field: string][] = [
  ['/api/metrics/latest?limit=0', 'limit'],
  ['/api/metrics/latest?limit=many', 'limit'],
  ['/api/metrics/latest?metric_type=mood', 'metric_type'],
  ['/api/analytics/performance?from=yesterday', 'from'],
  ['/api/analytics/performance?from=0000-01-01T00:00:00Z', 'from'],
  ['/api/scenarios?to=9999-12-31T23:59:59-14:00', 'to'],
  [`/api/sessions?after=${Buffer.from('0000-01-01T00:00:00.000Z a').toString('base64url')}`, 'after'],
  ['/api/scenarios?difficulty=absurd', 'difficulty'],
  ['/api/scenarios?kind=a&kind=b', 'kind'],
  ['/api/scenarios?after=nonsense', 'after'],
  ['/api/scenarios?validity=perhaps', 'validity'],
  ['/api/scenarios?format=xml', 'format'],
  ['/api/scenarios?text=%00', 'text'],
  ['/api/sessions?limit=501', 'limit'],
  ['/api/problems/recent?limit=-1', 'limit'],
];

const NOWHERE = [
  '/api/targets/nobody',
  '/api/targets/nobody/limits',
  '/api/targets/%00',
  '/api/targets/%zz',
  `/api/targets/${'x'.repeat(3_000)}`,
  '/api/sessions/1',
  '/api/sessions/%27%3B--',
  '/api/scenarios/%F0%9F%90%9D',
  '/api/metrics/summary?session_id=nobody',
  '/api/analytics/performance?target=nobody',
  '/api/nothing',
  '/api/targets/',
];

const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
/** A zone belongs to a machine: no URL has one. */
const ADDRESSES = [...UNNAMED_ADDRESSES, ...FORBIDDEN_ADDRESSES].filter((host) => !host.includes('%'));

const TABLE: Refused[] = [
  ...DESCRIPTIONS.map(([body, field]): Refused => ['POST', '/api/targets', body, '400 validation', field || 'body']),
  ...ADDRESSES.map((host): Refused => [
    'POST',
    '/api/targets',
    { url: `http://${bracketed(host)}` },
    '403 refused_by_safety',
    '',
  ]),
  ...STARTS.map(([body, field]): Refused => ['POST', '/api/training/start', body, '400 validation', field]),
  ...GENERATIONS.map(([body, field]): Refused => ['POST', '/api/scenarios/generate', body, '400 validation', field]),
  ...QUERIES.map(([path, field]): Refused => ['GET', path, undefined, '400 validation', field]),
  ...NOWHERE.map((path): Refused => ['GET', path, undefined, '404 not_found', '']),
  // The same is refused at every door.
  ['PUT', '/api/targets/shop', { url: 'http://192.168.0.1' }, '403 refused_by_safety', '192.168.0.1'],
  ['PUT', '/api/targets/shop', { url, color: 'red' }, '400 validation', 'color'],
  ['PUT', '/api/targets/shop', { ...TARGET, id: 'other' }, '400 validation', 'id'],
  ['PUT', '/api/targets/nobody', { url }, '404 not_found', 'nobody'],
  ['POST', '/api/targets', TARGET, '409 conflict', 'shop'],
  [
    'POST',
    '/api/targets',
    { url, safety: { guards: [{ url: 'http://10.0.0.1' }] } },
    '403 refused_by_safety',
    '10.0.0.1',
  ],
  ['POST', '/api/targets/check', { url: 'http://169.254.169.254' }, '403 refused_by_safety', '169.254.169.254'],
  ['POST', '/api/targets/check', {}, '400 validation', 'url'],
  ['POST', '/api/targets/check?writes=maybe', { url }, '400 validation', 'writes'],
  ['POST', '/api/targets/nobody/check', undefined, '404 not_found', 'nobody'],
  ['DELETE', '/api/targets/nobody', undefined, '404 not_found', 'nobody'],
  ['POST', '/api/verify', {}, '400 validation', 'atPerSecond'],
  ['POST', '/api/verify', { atPerSecond: 0 }, '400 validation', 'atPerSecond'],
  ['POST', '/api/verify', { atPerSecond: 5, target: 'nobody' }, '404 not_found', 'nobody'],
  ['POST', '/api/training/start', { target: 'nobody' }, '404 not_found', 'nobody'],
  ['POST', '/api/training/stop', { session_id: 4 }, '400 validation', 'session_id'],
  ['POST', '/api/training/stop', { session_id: 'nothing' }, '404 not_found', 'nothing'],
  ['POST', '/api/training/run-anyway', { session_id: 'nothing' }, '404 not_found', 'nothing'],
  ['POST', '/api/sessions', {}, '400 validation', 'target'],
  ['POST', '/api/sessions/nothing/resume', undefined, '404 not_found', 'nothing'],
  ['GET', '/api/sessions/nothing/report', undefined, '404 not_found', 'nothing'],
  ['GET', '/api/sessions/nothing/report?format=doc', undefined, '400 validation', 'format'],
  ['POST', '/api/scenarios', {}, '400 validation', 'kind'],
  ['POST', '/api/scenarios', { kind: 'load_balancing', intensity: -1 }, '400 validation', 'intensity'],
  ['GET', '/api/scenarios/nobody/heatmap', undefined, '404 not_found', 'nobody'],
  ['POST', '/api/scenarios/nobody/execute', undefined, '404 not_found', 'nobody'],
  ['POST', '/api/scenarios/nobody/execute?wait=perhaps', undefined, '400 validation', 'wait'],
  ['GET', '/api/targets/nobody/predict', undefined, '404 not_found', 'nobody'],
  ['PUT', '/api/storage', { keepDays: { seconds: 0 } }, '400 validation', 'keepDays.seconds'],
  ['PUT', '/api/storage', { keepDays: { targets: 1 } }, '400 validation', 'keepDays'],
  ['PUT', '/api/storage', { keepDays: { runs: 36_501 } }, '400 validation', 'keepDays.runs'],
  ['DELETE', '/api/sessions', undefined, '404 not_found', ''],
  ['PUT', '/api/training/start', TARGET, '404 not_found', ''],
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.ask('POST', '/api/targets', TARGET);
});
afterAll(() => server.end());

describe('requests that are refused', () => {
  it.each(TABLE)('%s %s %j: %s, naming %s', async (method, path, input, refusal, names) => {
    const { status, body } = await server.ask(method, path, input);
    expect(`${status} ${body.error.code}`).toBe(refusal);
    expect(body.error.message).toContain(names);
    if ('details' in body.error) expect(body.error.details.problems[0]?.field).toContain(names);
  });

  it('are many, and change nothing', async () => {
    expect(TABLE.length).toBeGreaterThanOrEqual(100);
    const { body } = await server.ask<{ targets: Target[] }>('GET', '/api/targets');
    expect(body.targets.map(({ id, nodes }) => [id, nodes[0]?.url])).toEqual([['shop', TARGET.url]]);
    expect((await server.ask('GET', '/api/training/status')).body).toMatchObject({ running: false, session_id: null });
  });
});
