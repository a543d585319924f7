import { liveMessageSchema, type LiveMessage } from '@hive/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { listen, runOneScenario, startTestServer, TARGET, type Listener, type TestServer } from '../test-server.js';

let server: TestServer;
const open: Listener[] = [];
const follow = async (query = ''): Promise<Listener> => {
  const listener = await listen(server, query);
  open.push(listener);
  return listener;
};
const completed = (message: LiveMessage): boolean => message.type === 'session_completed';
const refused = (query: string, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/metrics${query}`, { headers });
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('open', () => reject(new Error('was let in')));
    socket.on('error', () => undefined);
  });

beforeAll(async () => {
  server = await startTestServer();
  await server.ask('POST', '/api/targets', TARGET);
});
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.terminate();
});
afterAll(() => server.end());

describe('live feed', () => {
  it('says hello, then every message with a seq one higher than the last', async () => {
    const listener = await follow();
    await runOneScenario(server);
    await listener.hear(completed);
    const { messages } = listener;
    expect(messages.length).toBeGreaterThan(20);
    expect(messages.map(({ seq }) => seq - (messages[0] as LiveMessage).seq)).toEqual(
      messages.map((_, index) => index),
    );
    for (const message of messages) expect(liveMessageSchema.safeParse(message).error).toBeUndefined();
    const types = new Set(messages.map(({ type }) => type));
    for (const type of ['hello', 'session_started', 'scenario_started', 'window', 'scenario_completed']) {
      expect(types).toContain(type);
    }
  });

  it('tells each stored window, as a reload finds it', async () => {
    const listener = await follow();
    const { id } = await runOneScenario(server);
    await listener.hear(completed);
    const { body } = await server.ask<{ windows: unknown[] }>('GET', `/api/scenarios/${id}`);
    const told = listener.messages.flatMap(({ type, data }) => (type === 'window_kept' ? [data] : []));
    expect(told.length).toBeGreaterThan(5);
    expect(told).toEqual(body.windows);
  });

  it('replays what is held after `since`, then continues', async () => {
    const first = await follow();
    await runOneScenario(server);
    const last = await first.hear(completed);
    const since = last.seq - 5;
    const second = await follow(`?since=${since}`);
    await second.hear(({ seq, type }) => seq === last.seq && type !== 'hello');
    const replayed = second.messages.slice(1);
    expect(second.messages[0]).toMatchObject({ type: 'hello', seq: last.seq });
    expect(replayed.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5].map((step) => since + step));
    expect(replayed.at(-1)).toEqual(last);
    await runOneScenario(server);
    expect(await second.hear(({ seq }) => seq === last.seq + 1)).toMatchObject({ type: 'session_started' });
  });

  it('announces with a gap what another life of the feed numbered', async () => {
    const listener = await follow('?since=1000000');
    const gap = await listener.hear(({ type }) => type === 'gap');
    expect(liveMessageSchema.safeParse(gap).error).toBeUndefined();
  });

  it('keeps to the target and the session asked for', async () => {
    const other = await follow('?target=nobody');
    const same = await follow('?target=shop');
    const all = await follow();
    const row = await runOneScenario(server);
    const bySession = await follow(`?since=0&session=${row.session_id}`);
    await same.hear(completed);
    await all.hear(completed);
    expect(other.messages.map(({ type }) => type)).toEqual(['hello']);
    expect(same.messages.length).toBe(all.messages.length);
    await bySession.hear(completed);
    const [started, ...more] = bySession.messages.filter(({ type }) => type === 'session_started');
    expect(started).toMatchObject({ data: { session: { id: row.session_id } } });
    expect(more).toEqual([]);
  });

  it('answers a plain ping with a plain pong', async () => {
    const { socket } = await follow();
    const answer = new Promise<string>((resolve) => {
      socket.once('message', (data: Buffer) => resolve(data.toString()));
    });
    socket.send('ping');
    expect(await answer).toBe('pong');
  });

  it('is not held up by a reader that reads nothing', async () => {
    const slow = await follow();
    slow.socket.pause();
    const quick = await follow();
    await runOneScenario(server);
    expect(await quick.hear(completed)).toBeDefined();
  });

  it('refuses pages of unknown origins, and lets in the dashboard and programs', async () => {
    expect(await refused('', { origin: 'https://evil.example' })).toBe(403);
    const dashboard = new WebSocket(`${server.url.replace('http', 'ws')}/ws/metrics`, {
      headers: { origin: 'http://localhost:3000' },
    });
    await new Promise((resolve, reject) => {
      dashboard.once('open', resolve);
      dashboard.once('error', reject);
    });
    dashboard.terminate();
  });

  it('refuses a since that is no number', async () => {
    expect(await refused('?since=yesterday')).toBe(400);
  });

  it('tells its readers when the server stops', async () => {
    const own = await startTestServer();
    const listener = await listen(own);
    const code = new Promise<number>((resolve) => {
      listener.socket.once('close', resolve);
    });
    await own.end();
    expect(await code).toBe(1001);
  });
});

describe('live feed behind a token', () => {
  let guarded: TestServer;
  const authorization = 'Bearer secret';
  beforeAll(async () => {
    guarded = await startTestServer({ token: 'secret' }, { feedTimes: { ticketMs: 100 } });
  });
  afterAll(() => guarded.end());

  /** How a connection begins: the status of a refusal, the type of the first message, or the code and the reason of its end. */
  const begin = (given: { query?: string; headers?: Record<string, string>; first?: string | Buffer }) => {
    const { query = '', headers = {}, first } = given;
    const socket = new WebSocket(`${guarded.url.replace('http', 'ws')}/ws/metrics${query}`, { headers });
    return new Promise<unknown>((resolve) => {
      socket.once('open', () => first !== undefined && socket.send(first));
      socket.once('message', (data: Buffer) => resolve((JSON.parse(data.toString()) as { type: string }).type));
      socket.once('close', (code, reason) => resolve(`${code} ${reason.toString()}`));
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve(response.statusCode);
      });
      socket.on('error', () => undefined);
    }).finally(() => socket.terminate());
  };
  const newTicket = async (): Promise<string> => {
    const answer = await guarded.app.inject({ method: 'POST', url: '/api/live/ticket', headers: { authorization } });
    expect(answer.json()).toEqual({ ticket: expect.stringMatching(/^hive-live\.[\w-]{43}$/), expiresInSeconds: 30 });
    return answer.json<{ ticket: string }>().ticket;
  };

  it('takes it as a header, and in no address', async () => {
    expect(await begin({ headers: { authorization } })).toBe('hello');
    expect(await begin({ headers: { authorization: 'Bearer wrong' } })).toBe(401);
    expect(await begin({ query: '?token=secret' })).toBe(400);
  });

  it('takes a ticket as the first message, once', async () => {
    const first = await newTicket();
    expect(await begin({ first })).toBe('hello');
    expect(await begin({ first })).toBe('4401 the ticket is wrong, used or too old');
    const audit = async (): Promise<string> =>
      (await guarded.app.inject({ url: '/api/audit', headers: { authorization } })).body;
    await expect.poll(audit).toContain('"reason":"the ticket is wrong');
  });

  it.each<[string, string | Buffer]>([
    ['the token itself', 'secret'],
    ['a ticket that nobody got', 'hive-live.AAAA'],
    ['bytes', Buffer.from('secret')],
  ])('is closed for %s', async (_, first) => {
    expect(await begin({ first })).toContain('4401 ');
  });

  it('is closed for whoever shows nothing in time', async () => {
    expect(await begin({})).toBe('4401 no ticket came within 0.1 s');
  });
});
