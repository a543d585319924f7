import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { toTarget, type HiveError, type TargetInput } from '@hive/contract';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/checking/ask.js';
import { checkContact, contact } from '../../src/checking/contact.js';
import { startAnswering, type Answering } from '../load/answering.js';
import { CERTIFICATE, KEY } from '../load/certificate.js';

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const target = (more: Partial<TargetInput>) => toTarget({ url: 'http://127.0.0.1:1', ...more }, 'shop');
const seenFrom = (more: Partial<TargetInput>) => contact({ target: target(more), allowTargets: [] });
const refusal = (more: Partial<TargetInput>): Promise<HiveError> =>
  checkContact({ target: target(more), allowTargets: [] }).then(
    () => expect.unreachable('it was let through'),
    (error: HiveError) => error,
  );

async function answering(...given: Parameters<typeof startAnswering>): Promise<Answering> {
  const server = await startAnswering(...given);
  closing.push(() => server.close());
  return server;
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const tlsServer = () => createTlsServer({ cert: CERTIFICATE, key: KEY }, (_, response) => response.end('ok'));

describe('the first contact', () => {
  it('asks each node for each class that reads, once, and says how long it took', async () => {
    const [one, other] = [await answering(), await answering()];
    const { ok, checks, warnings } = await seenFrom({
      url: undefined,
      nodes: [{ id: 'a', url: `${one.url}/base/` }, { url: other.url }],
      requests: [
        { name: 'read', path: '/items/{key}', keys: { count: 9 }, headers: { 'X-Shop': 'yes' } },
        { name: 'write', method: 'POST' },
        { name: 'seldom', path: '/rare', weight: 0 },
      ],
      safety: { allowWrites: true },
    });
    expect([ok, warnings]).toEqual([true, []]);
    expect(checks.map(({ node, request, status }) => [node, request, status])).toEqual([
      ['a', 'read', 200],
      [other.url, 'read', 200],
      ['a', 'seldom', 200],
      [other.url, 'seldom', 200],
    ]);
    for (const { ms } of checks) expect(ms).toBeGreaterThan(0);
    expect(one.seen.map(({ method, url, headers }) => [method, url, headers['x-shop']]).sort()).toEqual([
      ['GET', '/base/items/1', 'yes'],
      ['GET', '/base/rare', undefined],
    ]);
  });

  it('sends what writes only where it is asked to and the target allows it', async () => {
    const { url, seen } = await answering();
    const requests = [{ name: 'order', method: 'POST', body: '{"n":1}' }];
    const asked = (allowWrites: boolean, writes: boolean) =>
      contact({ target: target({ url, requests, safety: { allowWrites } }), allowTargets: [], writes });
    expect((await asked(true, false)).checks).toEqual([]);
    expect((await asked(false, true)).checks).toEqual([]);
    expect(seen).toEqual([]);
    expect((await asked(true, true)).checks).toMatchObject([{ request: 'order', status: 200 }]);
    expect(seen.map(({ body }) => String(body))).toEqual(['{"n":1}']);
  });

  it('sends at most twenty requests, four at a time', async () => {
    let atOnce = 0;
    let most = 0;
    const paths: string[] = [];
    const requests = Array.from({ length: 30 }, (_, index) => ({
      name: `r${index}`,
      path: `/${index}`,
      weight: index + 1,
    }));
    const seen = await contact({
      target: target({ requests }),
      allowTargets: [],
      ask: async ({ request }): Promise<Answer> => {
        paths.push(request.path);
        most = Math.max(most, (atOnce += 1));
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return { type: 'answered', status: 200, location: null, ms: 1 };
      },
    });
    expect([seen.checks.length, most, paths[0]]).toEqual([20, 4, '/29']);
  });

  it('takes from the environment what the requests name', async () => {
    const { url, seen } = await answering();
    const requests = [{ headers: { authorization: 'Bearer ${TOKEN}' } }];
    const options = { target: target({ url, requests }), allowTargets: [] };
    await contact({ ...options, environment: { TOKEN: 'secret' } });
    expect(seen[0]?.headers.authorization).toBe('Bearer secret');
    await expect(contact(options)).rejects.toMatchObject({ code: 'validation' });
  });

  it('dials nothing when one node is forbidden', async () => {
    const { url, seen } = await answering();
    const nodes = [{ url }, { url: 'http://[::ffff:a9fe:a9fe]/' }];
    await expect(seenFrom({ url: undefined, nodes })).rejects.toMatchObject({ code: 'refused_by_safety' });
    expect(seen).toEqual([]);
  });
});

describe('a measurement cannot begin where', () => {
  it('nobody listens', async () => {
    const error = await refusal({ url: 'http://127.0.0.1:1' });
    expect(error).toMatchObject({ code: 'target_unreachable', hint: expect.stringContaining('service runs') });
    expect(error.message).toContain('connection was refused');
  });

  it('nobody listens and no request may be sent', async () => {
    const error = await refusal({ url: 'http://127.0.0.1:1', requests: [{ method: 'POST' }] });
    expect(error.message).toContain('connection was refused');
  });

  it('the name is unknown', async () => {
    const error = await refusal({ url: 'http://no-such-host.invalid' });
    expect(error).toMatchObject({ code: 'target_unreachable' });
    expect(error.message).toContain('no-such-host.invalid');
  });

  it('the certificate is self-signed, unless that is accepted', async () => {
    const url = `https://127.0.0.1:${await listening(tlsServer())}`;
    const error = await refusal({ url });
    expect(error.message).toContain('self-signed');
    expect(error.hint).toContain('--insecure');
    expect((await seenFrom({ url, insecure: true })).ok).toBe(true);
  });

  it('a port that speaks TLS is asked in plain HTTP', async () => {
    const error = await refusal({ url: `http://127.0.0.1:${await listening(tlsServer())}` });
    expect(error.message).toContain('speaks TLS');
    expect(error.hint).toContain('https://');
  });

  it('a port that speaks plain HTTP is asked over TLS', async () => {
    const { port } = await answering();
    const error = await refusal({ url: `https://127.0.0.1:${port}` });
    expect(error.message).toContain('plain HTTP');
    expect(error.hint).toContain('http://');
  });

  it.each([
    [401, '-H'],
    [403, '-H'],
    [404, 'path'],
  ])('every answer is a %s', async (status, hint) => {
    const { url } = await answering((response) => response.writeHead(status).end());
    const error = await refusal({ url });
    expect(error.message).toContain(String(status));
    expect(error.hint).toContain(hint);
    await checkContact({ target: target({ url }), allowTargets: [], anyStatus: true });
    expect((await seenFrom({ url, requests: [{ expect: [status] }] })).ok).toBe(true);
  });

  it('one of the nodes refuses', async () => {
    const { url } = await answering();
    const error = await refusal({ url: undefined, nodes: [{ url }, { id: 'b', url: 'http://127.0.0.1:1' }] });
    expect(error.message).toMatch(/^b cannot be reached: the connection was refused/);
  });
});

describe('it is only a warning when', () => {
  it.each([
    ['an error', 500, /answers 500/],
    ['a redirect', 301, /points to http:\/\/elsewhere\//],
  ])('the answer is %s', async (_, status, words) => {
    const { url } = await answering((response) => response.writeHead(status, { location: 'http://elsewhere/' }).end());
    const { ok, warnings } = await seenFrom({ url });
    expect(ok).toBe(true);
    expect(warnings.join()).toMatch(words);
  });

  it('a redirect sends a secret back, which is not repeated', async () => {
    const { url } = await answering((response, { headers }) =>
      response.writeHead(302, { location: `/login?token=${headers['x-token'] as string}` }).end(),
    );
    const { warnings, checks } = await seenFrom({ url, requests: [{ headers: { 'X-Token': 'tok-4711-abcdef' } }] });
    expect(warnings.join()).toContain('points to /login?token=(masked)');
    expect(JSON.stringify(checks)).not.toContain('tok-4711');
  });

  it('one class of several is not found', async () => {
    const { url } = await answering((response, { url: path }) => response.writeHead(path === '/' ? 200 : 404).end());
    const { ok, warnings } = await seenFrom({ url, requests: [{}, { name: 'gone', path: '/gone' }] });
    expect(ok).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('(gone): answers 404')]);
  });

  it('a connection is taken and no answer comes in time', async () => {
    const port = await listening(createServer());
    const { ok, warnings } = await seenFrom({ url: `http://127.0.0.1:${port}` });
    expect(ok).toBe(true);
    expect(warnings.join()).toContain('connected, but no answer within 3 s');
  });
});
