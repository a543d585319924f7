import { ROLES, ROUTES, type Permission, type RouteName, type Role } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { preparedData } from '../../../../test/prepared-data.js';
import { newApiToken } from '../../src/identity/api-tokens.js';
import { limitedStore } from '../../src/actions/limited/limited-store.js';
import { visibleTargets } from '../../src/actions/limited/visible.js';
import { createPasswords } from '../../src/identity/passwords.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import type { StoredChannel } from '../../src/store/store.js';
import { TARGET, startTestServer, type AnyBody, type TestServer } from '../test-server.js';
import { measuredSession } from './measured-session.js';

const SERVICE = 'long-and-random';
const PASSWORD = 'correct horse battery';
const ORIGIN = 'http://localhost:3000';
const RULE = { name: 'worse', target: 'nothing', when: { type: 'worse' } };
const CHANNEL = { type: 'slack', url: 'https://hooks.example.org/T1' };
const SCHEDULE = { target: 'nothing', what: { type: 'check' }, when: 'every 15m' };

/** What a route needs to come as far as its permission. A new route that needs something fails until it is here. */
const BODIES: { [Name in RouteName]?: unknown } = {
  applyDocuments: { documents: [] },
  createTarget: { ...TARGET, id: 'another' },
  replaceTarget: TARGET,
  checkTargetInput: TARGET,
  readTarget: TARGET,
  importTarget: { file: 'nothing' },
  createScenario: { target: 'nothing', kind: 'load_balancing', intensity: 1 },
  generateScenario: { target: 'nothing' },
  startTraining: { target: 'nothing' },
  verify: { target: 'nothing', atPerSecond: 1 },
  createMark: { text: 'release', target: 'nothing' },
  setStorage: { keepDays: {} },
  setPractice: { capacity: 1 },
  createSchedule: SCHEDULE,
  replaceSchedule: SCHEDULE,
  createRule: RULE,
  replaceRule: RULE,
  createChannel: CHANNEL,
  replaceChannel: CHANNEL,
  setSecret: { value: 'secret' },
  noteIncident: { text: 'seen' },
  createMaintenance: { target: 'nothing', to: '2099-01-01T00:00:00Z', reason: 'update' },
  inviteToFleet: { name: 'eu-1' },
  previewScenario: { target: 'nothing', kind: 'load_balancing', intensity: 1 },
  createUser: { email: 'new@example.org', role: 'viewer' },
  replaceUser: { email: 'new@example.org', role: 'viewer' },
};

/** Of one's own: tokens need no permission, those of others do. */
const OWN: readonly string[] = ['/api/tokens', '/api/tokens', '/api/tokens/{id}'];

interface Caller {
  headers: Record<string, string>;
  /** Null: nobody, or no more. */
  role: Role | null;
}
const callers: Record<string, Caller> = {};
let server: TestServer;
let store: OpenedStore;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
async function send(headers: Record<string, string>, method: string, url: string, body?: unknown) {
  const answer = await server.app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(body === undefined ? {} : { payload: body as object }),
  });
  const type = answer.headers['content-type'] ?? '';
  return {
    status: answer.statusCode,
    body: (type.toString().includes('json') ? answer.json() : {}) as AnyBody & { token: string },
    set: String(answer.headers['set-cookie'] ?? ''),
  };
}
const asService = (method: string, url: string, body?: unknown) => send(bearer(SERVICE), method, url, body);

async function addPerson(name: string, role: Role, targets?: object): Promise<Record<string, string>> {
  const email = `${name}@example.org`;
  const added = await asService('POST', '/api/users', { email, role, password: PASSWORD, targets });
  expect([name, added.status]).toEqual([name, 201]);
  const { set } = await send({ origin: ORIGIN }, 'POST', '/api/auth/sign-in', { email, password: PASSWORD });
  return { cookie: set.split(';', 1)[0] ?? '', origin: ORIGIN };
}
async function addToken(maker: Record<string, string>, body: object): Promise<{ id: string; token: string }> {
  const made = await send(maker, 'POST', '/api/tokens', { name: 'some', ...body });
  expect([body, made.status]).toEqual([body, 201]);
  return made.body;
}

beforeAll(async () => {
  const dataDir = await preparedData('hive-matrix-');
  store = await openStore({ dataDir });
  const labelled = (id: string, team: string) => ({ ...TARGET, id, labels: { team } });
  server = await startTestServer(
    { token: SERVICE, dataDir },
    {
      store,
      passwords: createPasswords({ N: 1_024, r: 8, p: 1 }),
      feedTimes: { askAgainMs: 50, ticketMs: 200 },
      targets: [labelled('shop', 'shop'), labelled('bank', 'bank')],
    },
  );
  const people = {
    admin: await addPerson('admin', 'admin'),
    operator: await addPerson('operator', 'operator'),
    viewer: await addPerson('viewer', 'viewer'),
    limited: await addPerson('limited', 'operator', { team: 'shop' }),
    demoted: await addPerson('demoted', 'operator'),
  };
  const roles = { admin: 'admin', operator: 'operator', viewer: 'viewer', limited: 'operator' } as const;
  callers['nobody'] = { headers: {}, role: null };
  callers['the service account'] = { headers: bearer(SERVICE), role: 'admin' };
  for (const [name, role] of Object.entries(roles)) {
    const headers = people[name as keyof typeof roles];
    callers[name] = { headers, role };
    callers[`a token of ${name}`] = { headers: bearer((await addToken(headers, { role })).token), role };
  }
  const viewing = await addToken(people.admin, { role: 'viewer' });
  callers['a viewing token of admin'] = { headers: bearer(viewing.token), role: 'viewer' };
  const demoted = await addToken(people.demoted, { role: 'operator' });
  const { users } = (await asService('GET', '/api/users')).body as unknown as {
    users: { id: string; email: string }[];
  };
  const whom = users.find(({ email }) => email === 'demoted@example.org')?.id ?? '';
  await asService('PUT', `/api/users/${whom}`, { email: 'demoted@example.org', role: 'viewer' });
  callers['a token whose maker was demoted'] = { headers: bearer(demoted.token), role: 'viewer' };
  const revoked = await addToken(people.admin, { role: 'admin' });
  await send(people.admin, 'DELETE', `/api/tokens/${revoked.id}`);
  callers['a revoked token'] = { headers: bearer(revoked.token), role: null };
  const { id, token, secretHash } = newApiToken();
  await store.createApiToken({
    id,
    secretHash,
    name: 'old',
    role: 'admin',
    targets: null,
    makerId: null,
    createdAt: new Date(0),
    expiresAt: new Date(1),
    lastSeenAt: null,
  });
  callers['an expired token'] = { headers: bearer(token), role: null };
  callers['a mistyped token'] = {
    headers: bearer(token.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
    role: null,
  };
}, 60_000);
afterAll(() => server.end());

/** What comes of a ticket that is the first message: the type of the first answer, or the code of the end. */
function showTicket(ticket: string): Promise<unknown> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/metrics`, { headers: { origin: ORIGIN } });
  return new Promise<unknown>((resolve, reject) => {
    socket.once('open', () => socket.send(ticket)).once('error', reject);
    socket.once('message', (data: Buffer) => resolve((JSON.parse(data.toString()) as { type: string }).type));
    socket.once('close', resolve);
  }).finally(() => socket.terminate());
}

describe('who may call what', () => {
  const routes = Object.entries(ROUTES) as [
    RouteName,
    { method: string; path: string; permission: Permission | null },
  ][];
  const guarded = routes.filter(([, { permission }]) => permission !== null);

  it.each(guarded)('%s: as the permission table says, for everyone', async (name, { method, path, permission }) => {
    const body = name === 'keepSession' ? await measuredSession() : BODIES[name];
    for (const [who, { headers, role }] of Object.entries(callers)) {
      const answer = await send(headers, method, path.replace(/\{\w+\}/, 'nothing'), body);
      const missing = (answer.body.error?.details as { permission?: string } | undefined)?.permission ?? null;
      const mayDo = role !== null && (ROLES[role] as readonly string[]).includes(permission ?? '');
      const said = [who, answer.status === 401 ? 'unknown' : answer.status === 403 ? missing : 'let in'];
      // What is beyond the targets of a limited role is refused, or is not there.
      if (mayDo) expect(said).toEqual([who, expect.toBeOneOf(['let in', null])]);
      else expect(said).toEqual([who, role === null ? 'unknown' : permission]);
    }
    await asService('POST', '/api/stop-all');
  });

  it('what files describe: as the permission of each document says', async () => {
    const documents: [Permission, object][] = [
      [
        'target.write',
        { kind: 'target', id: 'applied', spec: { url: 'http://127.0.0.1:9', labels: { team: 'shop' } } },
      ],
      ['channel.write', { kind: 'channel', id: 'applied', spec: { ...CHANNEL, url: '${HOOK}' } }],
      ['schedule.write', { kind: 'schedule', id: 'applied', spec: { ...SCHEDULE, target: 'shop' } }],
      ['schedule.write', { kind: 'rule', id: 'applied', spec: { ...RULE, target: 'shop' } }],
    ];
    for (const [who, { headers, role }] of Object.entries(callers))
      for (const [permission, document] of documents) {
        const body = { documents: [document], dryRun: true };
        const { status, body: answer } = await send(headers, 'POST', '/api/apply', body);
        const mayDo = role !== null && (ROLES[role] as readonly string[]).includes(permission);
        const missing = (answer.error?.details as { permission?: string } | undefined)?.permission ?? null;
        expect([who, permission, status, missing]).toEqual(
          mayDo
            ? [who, permission, 200, null]
            : [who, permission, role === null ? 401 : 403, role === null ? null : permission],
        );
      }
  });

  it('what needs no permission is what one needs to be known, and what is one’s own', () => {
    const open = routes.filter(([, { permission }]) => permission === null).map(([, { path }]) => path);
    expect(open.filter((path) => !/^\/(?:api\/(?:health|me|auth\/.*))?$/.test(path)).toSorted()).toEqual(OWN);
  });

  it('tokens of one’s own: everyone who signed in, and no token', async () => {
    for (const [who, { headers, role }] of Object.entries(callers)) {
      const { status } = await send(headers, 'GET', '/api/tokens');
      const known = who.includes('token') ? 403 : 200;
      expect([who, status]).toEqual([who, role === null ? 401 : known]);
    }
  });

  it('the live feed: whoever may read', async () => {
    for (const [who, { headers, role }] of Object.entries(callers)) {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/metrics`, { headers });
      const greeted = await new Promise<boolean>((resolve) => {
        socket.once('message', () => resolve(true)).once('error', () => resolve(false));
        socket.once('close', () => resolve(false));
      });
      socket.terminate();
      expect([who, greeted]).toEqual([who, role !== null]);
    }
  });

  it('the live feed: whoever has a ticket, as what they are', async () => {
    for (const [who, { headers, role }] of Object.entries(callers)) {
      const { status, body } = await send(headers, 'POST', '/api/live/ticket');
      expect([who, status]).toEqual([who, role === null ? 401 : 201]);
      if (role === null) continue;
      const { ticket } = body as unknown as { ticket: string };
      expect([who, await showTicket(ticket)]).toEqual([who, 'hello']);
      expect([who, await showTicket(ticket)]).toEqual([who, 4401]);
    }
  });
});

describe('a role that is limited to some targets', () => {
  const limited = () => callers['limited']?.headers ?? {};
  const get = async (path: string): Promise<unknown> => (await send(limited(), 'GET', path)).body;

  it('sees rows of these alone', async () => {
    const runs: Record<string, AnyBody> = {};
    for (const target of ['shop', 'bank']) {
      const wanted = { target, kind: 'load_balancing', intensity: 100, seed: 1 };
      runs[target] = (await asService('POST', '/api/scenarios/generate', wanted)).body;
      await asService('POST', `/api/scenarios/${runs[target].id}/execute?wait=true`);
      await asService('POST', '/api/marks', { text: target, target });
      await asService('POST', '/api/schedules', { ...SCHEDULE, target });
      await asService('POST', '/api/rules', { ...RULE, target });
    }
    const bank = runs['bank']?.id;
    const { sessions: all } = (await asService('GET', '/api/sessions?target=bank')).body as unknown as {
      sessions: AnyBody[];
    };
    const hidden = [`/api/targets/bank`, `/api/targets/bank/limits`, `/api/scenarios/${bank}`]
      .concat(`/api/scenarios/${bank}/heatmap`, `/api/sessions/${all[0]?.id}`, `/api/sessions/${all[0]?.id}/report`)
      .concat('/api/targets/bank/predict', `/api/metrics/summary?session_id=${all[0]?.id}`, '/api/checks?target=bank');
    for (const path of hidden) expect([path, (await send(limited(), 'GET', path)).status]).toEqual([path, 404]);
    const lists = [
      '/api/targets',
      '/api/sessions',
      '/api/scenarios',
      '/api/marks',
      '/api/schedules',
      '/api/incidents',
      '/api/rules',
      '/metrics',
    ].concat('/api/metrics/latest', '/api/problems/recent', '/api/scenarios?format=json', '/api/analytics/performance');
    for (const path of lists) {
      const answer = await server.app.inject({ url: path, headers: limited() });
      expect([path, answer.statusCode]).toEqual([path, 200]);
      for (const other of ['bank', bank, all[0]?.id])
        expect([path, answer.body]).not.toEqual([path, expect.stringContaining(`"${other}"`)]);
    }
    expect(await get('/api/targets')).toMatchObject({ targets: [{ id: 'shop' }] });
    expect(await get('/api/scenarios/counts')).toMatchObject({ total: 1 });
    expect(await get('/api/metrics/summary')).toMatchObject({ scenarios: 1 });
  });

  it('measures these alone, and changes nothing of others', async () => {
    const start = (target: string) => send(limited(), 'POST', '/api/training/start', { target, budgetSeconds: 60 });
    expect((await start('bank')).status).toBe(404);
    expect((await send(limited(), 'POST', '/api/marks', { text: 'for all' })).status).toBe(403);
    await asService('POST', '/api/training/start', { target: 'bank', budgetSeconds: 60 });
    expect(await get('/api/training/status')).toMatchObject({ running: true, session_id: null, target: null });
    await send(limited(), 'POST', '/api/stop-all');
    await send(limited(), 'POST', '/api/training/stop');
    expect((await asService('GET', '/api/training/status')).body).toMatchObject({ running: true, target: 'bank' });
    await asService('POST', '/api/stop-all');
    expect((await start('shop')).status).toBe(202);
    await send(limited(), 'POST', '/api/stop-all');
    expect((await asService('GET', '/api/training/status')).body).toMatchObject({ running: false });
  });

  it('sees the channels that may hear of these, changes no others, and has no stored secrets', async () => {
    const of = (id: string, when: object) => ({ ...CHANNEL, id, when });
    for (const one of [of('all', {}), of('bank', { team: 'bank' }), of('own', { team: 'shop' })])
      expect((await asService('POST', '/api/channels', one)).status).toBe(201);
    await asService('PUT', '/api/secrets/KEY', { value: 'value' });
    const { channels } = (await get('/api/channels')) as { channels: { id: string }[] };
    const named = channels.map(({ id }) => id).filter((id) => !id.startsWith('chn_'));
    expect(named.toSorted()).toEqual(['all', 'own']);
    expect((await send(limited(), 'GET', '/api/channels/bank')).status).toBe(404);
    expect(await get('/api/secrets')).toEqual({ secrets: [] });

    const own = limitedStore(store, visibleTargets(store, { team: 'shop' }));
    const stored = await store.listChannels();
    const [all, mine] = ['all', 'own'].map((id) => stored.find((one) => one.id === id)) as StoredChannel[];
    if (all === undefined || mine === undefined) throw new Error('they are there');
    const refused = { code: 'forbidden' };
    await expect(own.createChannel({ ...all, id: 'more' })).rejects.toMatchObject(refused);
    await expect(own.createChannel({ ...mine, id: 'more', settings: { url: '${KEY}' } })).rejects.toMatchObject(
      refused,
    );
    await expect(own.replaceChannel({ ...all, when: { team: 'shop' } })).rejects.toMatchObject(refused);
    await expect(own.replaceChannel({ ...mine, when: {} })).rejects.toMatchObject(refused);
    await expect(own.deleteChannel('bank')).rejects.toMatchObject(refused);
    await expect(own.setSecret({ name: 'KEY', changedAt: mine.changedAt, sealed: null })).rejects.toMatchObject(
      refused,
    );
    await expect(own.deleteSecret('KEY')).rejects.toMatchObject(refused);
    expect([await own.replaceChannel({ ...mine, on: false }), await own.deleteChannel('own')]).toEqual([true, true]);
  });

  it('hears of these alone, until it may hear nothing: then its feed is closed with 4401', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/metrics`, { headers: limited() });
    const heard: string[] = [];
    const closed = new Promise<number>((resolve) => void socket.once('close', resolve));
    const heardOf = async (text: string): Promise<void> => {
      await expect.poll(() => heard.some((one) => one.includes(text)), { timeout: 10_000 }).toBe(true);
    };
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    await heardOf('"hello"');
    for (const target of ['bank', 'shop']) {
      await asService('POST', '/api/training/start', { target, budgetSeconds: 60 });
      await asService('POST', '/api/stop-all');
    }
    await heardOf('"session_completed"');
    expect(heard.filter((text) => text.includes('"bank"'))).toEqual([]);
    const { users } = (await asService('GET', '/api/users')).body as unknown as {
      users: { id: string; email: string }[];
    };
    const whom = users.find(({ email }) => email === 'limited@example.org')?.id ?? '';
    await asService('DELETE', `/api/users/${whom}`);
    expect(await closed).toBe(4401);
  });
});
