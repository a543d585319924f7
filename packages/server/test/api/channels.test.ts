import { createHmac } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Channel,
  CheckedTarget,
  IncidentDetail,
  Rule,
  Schedule,
  ScheduledRun,
  StoredSecret,
  TestedChannel,
} from '@hive/contract';
import { realClock } from '@hive/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startReceiver, type Receiver } from '../channels/receiver.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

const SECRET = 'a secret of some length';
let server: TestServer;
let receiver: Receiver;
let isUp = true;
const asked: object[] = [];
let schedule: Schedule;
beforeAll(async () => {
  receiver = await startReceiver();
  server = await startTestServer(
    { allowChannels: '127.0.0.1', publicUrl: 'https://hive.example.org/' },
    {
      async ask({ request }) {
        asked.push(request.headers);
        return isUp
          ? { type: 'answered', status: 200, location: null, ms: 20 }
          : { type: 'failed', code: 'ECONNREFUSED', message: 'refused' };
      },
      clock: { ...realClock, sleep: (ms, signal) => realClock.sleep(ms === 20_000 || ms === 40_000 ? 0 : ms, signal) },
    },
  );
  await server.ask('POST', '/api/targets', { ...TARGET, labels: { team: 'shop' } });
  const written = { target: 'shop', what: { type: 'check' }, when: 'every 1h' };
  schedule = (await server.ask<Schedule>('POST', '/api/schedules', written)).body;
});
afterAll(async () => {
  await server.end();
  await receiver.close();
});
beforeEach(() => {
  receiver.received.length = 0;
});

async function check(): Promise<void> {
  const { body: run } = await server.ask<ScheduledRun>('POST', `/api/schedules/${schedule.id}/run`);
  for (;;) {
    const { runs } = (await server.ask<{ runs: ScheduledRun[] }>('GET', `/api/schedules/${schedule.id}`)).body;
    if (runs.find(({ id }) => id === run.id)?.result !== 'running') return;
    await realClock.sleep(20);
  }
}

const create = (body: object) => server.ask<Channel>('POST', '/api/channels', body);

describe('channels', () => {
  it('hear of an incident from its opening to its end, signed; the incident shows what was sent', async () => {
    const url = `${receiver.url}/hook`;
    const made = await create({ id: 'hook', type: 'webhook', url, secret: SECRET, when: { team: 'shop' } });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ id: 'hook', url, set: ['secret'], when: { team: 'shop' }, on: true }),
    ]);
    isUp = false;
    await check();
    await receiver.until(1);
    const { headers, raw } = receiver.received[0] as Receiver['received'][0];
    const signature = createHmac('sha256', SECRET).update(`${headers['x-hive-timestamp'] as string}.${raw}`);
    expect(headers['x-hive-signature']).toBe(`v1=${signature.digest('hex')}`);
    expect(Math.abs(Number(headers['x-hive-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
    const told = JSON.parse(raw) as { event: string; incident: { id: string }; link: string };
    expect(told).toMatchObject({
      version: 1,
      event: 'opened',
      delivery: headers['x-hive-delivery'],
      title: expect.stringContaining('shop: 5 of 5 requests failed: the connection was refused'),
      incident: { target: 'shop', severity: 'page' },
    });
    expect(told.link).toBe(`https://hive.example.org/incidents/${told.incident.id}`);
    isUp = true;
    await check();
    await check();
    await receiver.until(2);
    const detail = async () =>
      (await server.ask<IncidentDetail>('GET', `/api/incidents/${told.incident.id}`)).body.deliveries;
    while ((await detail()).some(({ status }) => status === 'waiting')) await realClock.sleep(20);
    expect(await detail()).toMatchObject([
      { channel: 'hook', event: 'opened', status: 'sent', tries: 1, answer: 200, reason: null },
      { channel: 'hook', event: 'closed', status: 'sent', tries: 1, answer: 200, reason: null },
    ]);
    expect(receiver.received).toHaveLength(2);
  });

  it('keep what is secret encrypted, show none of it, and keep it when they are replaced', async () => {
    const slack = await create({ id: 'chat', type: 'slack', url: `${receiver.url}/T1/very-secret` });
    expect(slack.body).toMatchObject({ set: ['url'], name: null });
    const changed = await server.ask<Channel>('PUT', '/api/channels/chat', { type: 'slack', name: 'Chat', on: false });
    expect(changed.body).toMatchObject({ name: 'Chat', set: ['url'], on: false });
    const listed = await server.ask('GET', '/api/channels');
    for (const shown of [slack.body, changed.body, listed.body]) {
      expect(JSON.stringify(shown)).not.toContain('very-secret');
      expect(JSON.stringify(shown)).not.toContain('v1.');
    }
    const tested = await server.ask<TestedChannel>('POST', '/api/channels/chat/test');
    expect(tested.body).toMatchObject({ ok: true, status: 200, body: 'ok', problem: null });
    expect(receiver.received[0]?.path).toBe('/T1/very-secret');
    const keyFile = join(server.dataDir, 'encryption-key');
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect(Buffer.from(await readFile(keyFile, 'utf8'), 'base64')).toHaveLength(32);
    await server.ask('DELETE', '/api/channels/chat');
  });

  it('are tested: what the other side answers is shown, bounded, without the secret', async () => {
    await create({ id: 'echo', type: 'webhook', url: `${receiver.url}/hook`, secret: SECRET });
    receiver.answers.push({ status: 403, body: `no: ${SECRET} ${'x'.repeat(10_000)}` });
    const { body } = await server.ask<TestedChannel>('POST', '/api/channels/echo/test');
    expect(body).toMatchObject({ ok: false, status: 403, problem: 'it answered 403' });
    expect(body.body).toMatch(/^no: \(masked\) x+…$/);
    expect(body.body?.length).toBeLessThan(600);
    await server.ask('DELETE', '/api/channels/echo');
  });

  it('use stored secrets, which are never shown', async () => {
    const set = await server.ask<StoredSecret>('PUT', '/api/secrets/PD_KEY', { value: 'R0ut1ngKey' });
    expect([set.status, set.body]).toEqual([
      200,
      { name: 'PD_KEY', changedAt: expect.any(String), isSet: true, forTargets: false },
    ]);
    const written = { id: 'pd', type: 'pagerduty', routingKey: '${PD_KEY}', url: receiver.url };
    expect((await create(written)).body).toMatchObject({ routingKey: '${PD_KEY}', set: [] });
    await server.ask('POST', '/api/channels/pd/test');
    expect(JSON.parse(receiver.received[0]?.raw ?? '')).toMatchObject({ routing_key: 'R0ut1ngKey' });
    const listed = await server.ask<{ secrets: StoredSecret[] }>('GET', '/api/secrets');
    expect(listed.body.secrets.map(({ name }) => name)).toEqual(['PD_KEY']);
    expect(JSON.stringify(listed.body)).not.toContain('R0ut1ng');
    expect((await server.ask('DELETE', '/api/secrets/PD_KEY')).body).toEqual({ deleted: 'PD_KEY' });
    const { body } = await server.ask<TestedChannel>('POST', '/api/channels/pd/test');
    expect(body).toMatchObject({ ok: false, status: null, hint: 'set it with: hive secret set PD_KEY' });
    expect(body.problem).toContain('PD_KEY');
    await server.ask('DELETE', '/api/channels/pd');
  });

  it('share stored secrets with targets: those that begin with HIVE_SECRET_', async () => {
    const headers = { 'x-one': '${HIVE_SECRET_ONE}', 'x-two': '${OTHER}' };
    const target = { url: 'http://127.0.0.1:9', requests: [{ path: '/', headers }] };
    const test = async () => (await server.ask<CheckedTarget>('POST', '/api/targets/check', target)).body;
    expect(JSON.stringify(await test())).toContain('the requests need HIVE_SECRET_ONE, OTHER');
    for (const name of ['HIVE_SECRET_ONE', 'OTHER'])
      await server.ask('PUT', `/api/secrets/${name}`, { value: 'stored' });
    expect(JSON.stringify(await test())).toContain('the requests need OTHER,');
    headers['x-two'] = '';
    isUp = true;
    await test();
    expect(asked.at(-1)).toMatchObject({ 'x-one': 'stored' });
    await server.ask('DELETE', '/api/secrets/HIVE_SECRET_ONE');
    expect(JSON.stringify(await test())).toContain('the requests need HIVE_SECRET_ONE');
    await server.ask('DELETE', '/api/secrets/OTHER');
  });

  it('are named by rules, and cannot be deleted while they are', async () => {
    await create({ id: 'named', type: 'webhook', url: receiver.url, secret: SECRET });
    const rule = { name: 'routed', when: { type: 'worse' }, routes: [{ when: { severity: 'page' }, to: ['named'] }] };
    const made = await server.ask<Rule>('POST', '/api/rules', rule);
    expect(made.body.routes).toEqual(rule.routes);
    const refused = await server.ask('DELETE', '/api/channels/named');
    expect([refused.status, refused.body.error.message]).toEqual([409, "the channel 'named' is named by routed"]);
    await server.ask('DELETE', `/api/rules/${made.body.id}`);
    expect((await server.ask('DELETE', '/api/channels/named')).status).toBe(200);
  });

  it.each<['POST' | 'GET' | 'PUT' | 'DELETE', string, object | undefined, number, string]>([
    ['POST', '/api/channels', { type: 'pigeon' }, 400, 'type'],
    ['POST', '/api/channels', { type: 'webhook', url: 'https://example.org' }, 400, 'secret'],
    ['POST', '/api/channels', { type: 'webhook', url: 'https://example.org', secret: 'short' }, 400, 'secret'],
    ['POST', '/api/channels', { type: 'webhook', url: 'ftp://example.org', secret: SECRET }, 400, 'url'],
    ['POST', '/api/channels', { type: 'slack', url: 'https://me:pass@example.org/' }, 400, 'url'],
    ['POST', '/api/channels', { type: 'email', from: 'hive@example.org', to: ['a\r\nbcc: b@x.org'] }, 400, 'to.0'],
    ['POST', '/api/channels', { type: 'slack', url: 'https://example.org/', when: { severity: 'loud' } }, 400, 'when'],
    ['POST', '/api/channels', { type: 'slack', url: 'https://example.org/', id: 'A b' }, 400, 'id'],
    ['POST', '/api/channels', { id: 'hook', type: 'slack', url: 'https://example.org/' }, 409, 'hook'],
    ['PUT', '/api/channels/hook', { id: 'other', type: 'slack', url: 'https://example.org/' }, 400, 'id'],
    ['PUT', '/api/channels/hook', { type: 'slack' }, 400, 'url'],
    ['PUT', '/api/channels/nothing', { type: 'slack', url: 'https://example.org/' }, 404, 'nothing'],
    ['GET', '/api/channels/nothing', undefined, 404, 'nothing'],
    ['DELETE', '/api/channels/nothing', undefined, 404, 'nothing'],
    ['POST', '/api/channels/nothing/test', undefined, 404, 'nothing'],
    ['PUT', '/api/secrets/not-a-name', { value: 'x' }, 400, 'name'],
    ['PUT', '/api/secrets/NAME', { value: '' }, 400, 'value'],
    ['DELETE', '/api/secrets/NOTHING', undefined, 404, 'NOTHING'],
    ['POST', '/api/rules', { name: 'x', when: { type: 'worse' }, routes: [{ to: ['gone'] }] }, 400, 'routes.0.to.0'],
  ])('%s %s %j: %i', async (method, path, body, status, named) => {
    const answer = await server.ask(method, path, body);
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(named)]);
  });
});
