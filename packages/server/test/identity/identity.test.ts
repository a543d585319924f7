import { PERMISSIONS } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../src/identity/identity.js';
import { openIdentity } from '../../src/identity/open.js';
import { whoMayAll, type Principal } from '../../src/identity/principal.js';
import { tokenIdentity } from '../../src/identity/token.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';
import { shown as credentials } from './conformance.js';

const TOKEN = 'long-and-random';
const clock = { wall: () => Date.parse('2026-03-01T12:00:00Z') };
const shown = (authorization?: string) => credentials({ authorization });

describe('who is calling', () => {
  it('is anyone, who may do everything, where no token is set', async () => {
    const identity = openIdentity();
    expect(await identity.mode()).toBe('open');
    for (const one of [shown(), shown('Bearer something')]) {
      expect((await identity.who(one))?.permissions).toEqual(new Set(PERMISSIONS));
    }
  });

  it.each([
    ['the header', shown(`Bearer ${TOKEN}`)],
    ['the header, however it is written', shown(`bearer   ${TOKEN} `)],
  ])('is the bearer of the token, by %s', async (_, given) => {
    const identity = tokenIdentity(TOKEN, clock);
    expect(await identity.mode()).toBe('token');
    expect(await identity.who(given)).toMatchObject({ id: 'token', permissions: new Set(PERMISSIONS) });
  });

  it.each([
    ['nothing', shown()],
    ['a header of another kind', shown('Basic abc')],
  ])('is not known by %s', async (_, given) => {
    expect(await tokenIdentity(TOKEN, clock).who(given)).toBeNull();
  });

  it.each([['another token', shown('Bearer wrong')]])('is refused for %s', async (_, given) => {
    const refused = { code: 'unauthorized', message: 'the token is wrong' };
    await expect(tokenIdentity(TOKEN, clock).who(given)).rejects.toMatchObject(refused);
  });
});

describe('a ticket', () => {
  const at = (wall: number) => tokenIdentity(TOKEN, { wall: () => wall });
  const beginMs = clock.wall();
  const identity = at(beginMs);
  const { ticket, seconds } = identity.ticketFor(whoMayAll('token', 'the bearer')) ?? { ticket: '', seconds: 0 };

  it('stands for the token, at every instance that has the same, until it ends', async () => {
    expect(seconds).toBe(600);
    expect(ticket).not.toContain(TOKEN);
    const late = await at(beginMs + 599_000).who(shown(`Bearer ${ticket}`));
    expect(late).toMatchObject({ id: 'ticket', permissions: new Set(PERMISSIONS) });
    await expect(at(beginMs + 600_000).who(shown(`Bearer ${ticket}`))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it.each([
    ['of another token', tokenIdentity('another', clock).ticketFor(whoMayAll('token', ''))?.ticket],
    ['with a later end', ticket.replace(/\d+/, (end) => String(Number(end) + 1))],
    ['cut short', ticket.slice(0, -1)],
    ['with another seal', ticket.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
  ])('%s is refused', async (_, given) => {
    await expect(identity.who(shown(`Bearer ${given}`))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('gets no other ticket', async () => {
    const visitor = await identity.who(shown(`Bearer ${ticket}`));
    expect(() => identity.ticketFor(visitor as Principal)).toThrow('a ticket cannot get another');
  });

  it('is not needed where no token is set', async () => {
    const open = openIdentity();
    expect(open.ticketFor((await open.who(shown())) as Principal)).toBeNull();
  });
});

describe('a caller who may only read', () => {
  const viewer: Principal = { id: 'v', name: 'Vera', permissions: new Set(['read']) };
  const identity: Identity = {
    mode: async () => 'token',
    who: async ({ authorization }) => (authorization ? viewer : null),
    again: async () => viewer,
    ticketFor: () => null,
  };
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({}, { identity, targets: [{ ...TARGET, id: 'shop' }] });
  });
  afterAll(() => server.end());
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, headers: Record<string, string>) => {
    const answer = await server.app.inject({ method, url, headers });
    return { status: answer.statusCode, body: answer };
  };

  it('reads, and may neither run nor change anything', async () => {
    const headers = { authorization: 'x' };
    expect(await ask('GET', '/api/targets/shop', headers)).toMatchObject({ status: 200 });
    expect(await ask('GET', '/metrics', headers)).toMatchObject({ status: 200 });
    const refused = await ask('POST', '/api/training/start', headers);
    expect(refused.status).toBe(403);
    expect(refused.body.json()).toEqual({
      error: {
        code: 'forbidden',
        message: 'Vera is not allowed to do this: the permission run is missing',
        hint: expect.any(String) as string,
        details: { permission: 'run' },
      },
    });
    expect((await ask('DELETE', '/api/targets/shop', headers)).body.body).toContain('target.write');
    expect(await ask('GET', '/api/targets/shop', headers)).toMatchObject({ status: 200 });
  });

  it('is asked who they are where that matters, and nowhere else', async () => {
    for (const url of ['/', '/api/health']) expect(await ask('GET', url, {})).toMatchObject({ status: 200 });
    for (const url of ['/api/targets', '/metrics', '/docs/', '/openapi.json'])
      expect(await ask('GET', url, {})).toMatchObject({ status: 401 });
  });
});
