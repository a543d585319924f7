import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { newUser } from '../../src/identity/first-admin.js';
import { createLocalAdmin, type LocalAdmin } from '../../src/identity/local-admin.js';
import { identityOf } from '../../src/identity/modes.js';
import { beginSession } from '../../src/identity/sessions.js';
import { networkOf } from '../../src/identity/throttle.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import { identityConformance, shown, type Sample } from './conformance.js';

const TOKEN = 'long-and-random';
const DAY_MS = 86_400_000;
const time = { wallMs: Date.parse('2026-03-01T12:00:00Z'), nowMs: 0 };
const clock = { wall: () => time.wallMs, now: () => time.nowMs, sleep: () => new Promise<void>(() => undefined) };
const hasty = { ...clock, sleep: async () => undefined };
let store: OpenedStore;
let dataDir: string;
let folder: string;
let local: LocalAdmin;
let localToken: string;
let cookie: string;
let oidcCookie: string;
const samples: Partial<Record<'open' | 'token' | 'users', Sample>> = {};
const sampleOf = (name: keyof typeof samples) => () => samples[name] as Sample;
const mode = (token: string | null) => identityOf({ people: store, clock, token, local });

beforeAll(async () => {
  dataDir = await preparedData('hive-identity-');
  folder = await mkdtemp(join(tmpdir(), 'hive-local-'));
  store = await openStore({ dataDir });
  local = createLocalAdmin(folder, { warn: () => undefined });
  await local.announce('http://127.0.0.1:8000');
  localToken = (JSON.parse(await readFile(join(folder, 'local-admin'), 'utf8')) as { token: string }).token;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const locally = { 'who reads the data directory': bearer(localToken) };
  samples.open = {
    identity: mode(null),
    mode: 'open',
    known: { anyone: {}, 'anyone with a token': bearer('some'), ...locally },
    unknown: { 'who comes through a proxy': { forwarded: true } },
  };
  const wrong = { nobody: {}, 'a wrong token': bearer('wrong'), 'a wrong kind': { authorization: 'Basic abc' } };
  const remote = {
    'the local token from elsewhere': { ...bearer(localToken), address: '10.0.0.7' },
    'the local token through a proxy': { ...bearer(localToken), forwarded: true },
  };
  samples.token = {
    identity: mode(TOKEN),
    mode: 'token',
    known: { 'the bearer': bearer(TOKEN), ...locally },
    unknown: { ...wrong, ...remote },
  };
  // Both were opened before there was anybody.
  for (const { identity } of Object.values(samples)) await identity.mode();
});
afterAll(async () => {
  await store.close();
  for (const place of [dataDir, folder]) await rm(place, { recursive: true, force: true });
});

identityConformance('open', sampleOf('open'));
identityConformance('token', sampleOf('token'));

describe('while the store is away', () => {
  const away: [string, () => Promise<boolean>][] = [
    ['does not answer', () => new Promise<never>(() => undefined)],
    ['refuses', () => Promise.reject(new Error('ECONNREFUSED'))],
  ];

  it.each(away)('what is known holds when it %s', async (_, hasAccounts) => {
    let isAway = false;
    const people = { ...store, hasAccounts: () => (isAway ? hasAccounts() : Promise.resolve(false)) };
    const identity = identityOf({ people, clock: hasty, token: null, local: null });
    await identity.look();
    isAway = true;
    for (let second = 0; second < 3; second += 1) {
      time.nowMs += 1_000;
      expect(await identity.mode()).toBe('open');
      expect(await identity.who(shown())).not.toBeNull();
    }
  });

  it('nobody is let in before anything is known', async () => {
    const people = { ...store, hasAccounts: () => Promise.reject(new Error('ECONNREFUSED')) };
    await expect(identityOf({ people, clock, token: null, local: null }).who(shown())).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the file of the data directory', () => {
  it('can be read by its owner alone, and is another one at each start', async () => {
    expect((await stat(join(folder, 'local-admin'))).mode & 0o777).toBe(0o600);
    const again = createLocalAdmin(folder, { warn: () => undefined });
    await again.announce('http://127.0.0.1:8000');
    expect(await readFile(join(folder, 'local-admin'), 'utf8')).not.toContain(localToken);
    expect(again.who(shown({ authorization: `Bearer ${localToken}` }))).toBeNull();
    await again.forget();
    await expect(stat(join(folder, 'local-admin'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('from the first account on', () => {
  beforeAll(async () => {
    const admins = ['ada', 'bob'].map((name) => newUser({ email: `${name}@example.org`, role: 'admin' }, time.wallMs));
    const won = await Promise.all(admins.map((admin) => store.createFirstUser(admin)));
    // Of two at once, one wins.
    expect(won.toSorted()).toEqual([false, true]);
    const [first] = await store.listUsers();
    cookie = (await beginSession(store, { userId: first?.id ?? '', nowMs: time.wallMs })).cookie;
    const [id] = cookie.split('.');
    const person = { email: 'ora@example.org', role: 'operator', subject: 'https://accounts.example.org ora' } as const;
    const ora = newUser(person, time.wallMs);
    await store.createUser(ora);
    const half = time.wallMs + DAY_MS / 2;
    const begun = { userId: ora.id, nowMs: time.wallMs };
    oidcCookie = (await beginSession(store, { ...begun, endsAt: new Date(half) })).cookie;
    const { cookie: over } = await beginSession(store, { ...begun, endsAt: new Date(time.wallMs) });
    samples.users = {
      identity: mode(TOKEN),
      mode: 'users',
      known: {
        'who is signed in': { cookie },
        'who signed in at a provider': { cookie: oidcCookie },
        'the service account': { authorization: `Bearer ${TOKEN}` },
        'who reads the data directory': { authorization: `Bearer ${localToken}` },
      },
      unknown: {
        nobody: {},
        'a wrong token': { authorization: 'Bearer wrong' },
        'who signed in at a provider, and it is over': { cookie: over },
        'a session without its secret': { cookie: `${id}.` },
        'a session with another secret': { cookie: `${id}.${'x'.repeat(43)}` },
        'no session at all': { cookie: 'nonsense' },
        'a session id that cannot be stored': { cookie: '\0.x' },
      },
    };
  });
  identityConformance('users', sampleOf('users'));

  it('every mode has become users, within a second, and it never steps back', async () => {
    const { identity } = samples.open as Sample;
    time.nowMs += 1_000;
    expect(await identity.mode()).toBe('users');
    expect(await identity.who(shown())).toBeNull();
    // A Hive that is started without any setting finds it so.
    expect(await mode(null).mode()).toBe('users');
    const [last] = await store.listUsers();
    await expect(store.deleteUser(last?.id ?? '')).rejects.toMatchObject({ code: 'conflict' });
    await expect(store.updateUser(last?.id ?? '', { role: 'viewer' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of two admins who remove each other at once, one stays', async () => {
    const carl = newUser({ email: 'carl@example.org', role: 'admin' }, time.wallMs);
    await store.createUser(carl);
    const admins = (await store.listUsers()).filter(({ role }) => role === 'admin').map(({ id }) => id);
    const ended = await Promise.allSettled(admins.map((id) => store.updateUser(id, { role: 'viewer' })));
    expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const left = (await store.listUsers()).filter(({ role }) => role === 'admin');
    expect(left).toHaveLength(1);
  });

  it('a session ends when it was not used for seven days, and using it extends it', async () => {
    const { identity } = samples.users as Sample;
    for (let day = 0; day < 3; day += 1) {
      time.wallMs += 6 * DAY_MS;
      expect((await identity.who(shown({ cookie })))?.proof).toMatchObject({ type: 'session' });
    }
    time.wallMs += 7 * DAY_MS;
    expect(await identity.who(shown({ cookie }))).toBeNull();
    await store.upkeep();
  });

  it('a session with an end is not extended beyond it', async () => {
    const [user] = await store.listUsers();
    const endsAt = new Date(time.wallMs + DAY_MS / 2);
    const { cookie: short } = await beginSession(store, { userId: user?.id ?? '', nowMs: time.wallMs, endsAt });
    const { identity } = samples.users as Sample;
    time.wallMs += DAY_MS / 2 - 1;
    expect(await identity.who(shown({ cookie: short }))).not.toBeNull();
    time.wallMs += 1;
    expect(await identity.who(shown({ cookie: short }))).toBeNull();
  });
});

describe('the network of an address', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
