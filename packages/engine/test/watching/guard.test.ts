import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcp } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Guard } from '@hive/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { openGuard } from '../../src/watching/guard.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(guard: Guard, allowTargets: string[] = []): Promise<string | null> {
  const open = openGuard(guard, { allowTargets, insecure: false, answerLimitMs: 300 });
  const said = await open.ask();
  open.close();
  return said;
}

describe('a guard with a url', () => {
  it.each<[number, number[] | undefined, string | null]>([
    [200, undefined, null],
    [204, undefined, null],
    [302, undefined, 'answered 302'],
    [503, undefined, 'answered 503'],
    [503, [503], null],
    [200, [204, 205], 'answered 200'],
  ])('that answers %i where %j is expected: %s', async (status, expected, said) => {
    const url = await serve((_, response) => {
      response.statusCode = status;
      response.setHeader('location', '/elsewhere');
      response.end(Buffer.from(status === 204 ? '' : 'gr\xfcn', 'latin1'));
    });
    expect(await ask({ url: `${url}/health?deep=1`, ...(expected && { expect: expected }) })).toBe(said);
  });

  it('is bad where it does not answer, and where nothing listens', async () => {
    const silent = await serve(() => undefined);
    expect(await ask({ url: silent })).toBe('no complete answer within 0.3 s');
    const free = createTcp();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise<void>((resolve) => free.close(() => resolve()));
    expect(await ask({ url: `http://127.0.0.1:${port}` })).toBe('the connection was refused');
  });

  it('is not asked where it may not be dialled', async () => {
    expect(await ask({ url: 'http://192.0.2.1/health' })).toMatch(
      /192\.0\.2\.1 is not a loopback address.*HIVE_ALLOW_TARGETS=192\.0\.2\.1/,
    );
    expect(await ask({ url: 'http://169.254.169.254/' }, ['169.254.0.0/16'])).toMatch(/which Hive never dials/);
  });
});

describe('a guard that asks Prometheus', () => {
  const vector = (...values: string[]): object => ({
    status: 'success',
    data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1_700_000_000, value] })) },
  });
  it.each<[object | string, Partial<Guard>, string | null]>([
    [vector('0.2'), { above: 0.9 }, null],
    [vector('0.95'), { above: 0.9 }, '0.95 is above 0.9'],
    [vector('0.1', '0.95'), { above: 0.9 }, '0.95 is above 0.9'],
    [vector('0.9'), { above: 0.9 }, null],
    [vector('3'), { below: 4 }, '3 is below 4'],
    [vector('5'), { below: 4, above: 6 }, null],
    [vector('+Inf'), { above: 1 }, 'Infinity is above 1'],
    [vector('NaN'), { above: 1 }, 'the value is not a number'],
    [vector(), { above: 1 }, 'Prometheus has no value'],
    [{ data: { resultType: 'scalar', result: [1, '7'] } }, { above: 6 }, '7 is above 6'],
    [{ data: { resultType: 'matrix', result: [] } }, { above: 6 }, 'something other than a number or a vector'],
    ['not json', { above: 6 }, 'something other than a number or a vector'],
  ])('that answers %j: bad %j is %s', async (answer, bounds, said) => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    const got = await ask({ prometheus: `${url}/prom/`, query: 'sum(rate(errors[1m]))', ...bounds });
    if (said === null) expect(got).toBeNull();
    else expect(got).toContain(said);
    const { pathname, searchParams } = new URL(asked[0] as string, url);
    expect([pathname, searchParams.get('query')]).toEqual(['/prom/api/v1/query', 'sum(rate(errors[1m]))']);
  });

  it('is bad where Prometheus refuses the question', async () => {
    const url = await serve((_, response) => {
      response.statusCode = 422;
      response.end('{"status":"error"}');
    });
    expect(await ask({ prometheus: url, query: 'nonsense(', above: 1 })).toBe('Prometheus answered 422');
  });
});
