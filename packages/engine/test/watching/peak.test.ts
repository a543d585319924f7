import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readPeak, type Peak } from '../../src/watching/peak.js';

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

const ask = (prometheus: string, allowTargets: string[] = []): Promise<Peak> =>
  readPeak({ prometheus, query: 'rate(http_requests_total[1m])' }, { allowTargets, answerLimitMs: 300 });
const vector = (...values: string[]) => ({
  status: 'success',
  data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
});

describe('the peak of traffic', () => {
  it('is the number that a target says', async () => {
    expect(await readPeak(220, { allowTargets: [] })).toEqual({ perSecond: 220 });
  });

  it('is the highest of seven days, all series together', async () => {
    let asked = '';
    const url = await serve(({ url: path = '' }, response) => {
      asked = path;
      response.end(JSON.stringify(vector('219.5')));
    });
    expect(await ask(`${url}/prometheus/`)).toEqual({ perSecond: 219.5 });
    const { pathname, searchParams } = new URL(asked, url);
    expect(pathname).toBe('/prometheus/api/v1/query');
    expect(searchParams.get('query')).toBe('max_over_time(sum(rate(http_requests_total[1m]))[7d:1m])');
  });

  it.each<[number, unknown, RegExp]>([
    [400, { status: 'error' }, /answered 400: check that the query/],
    [503, '', /^Prometheus answered 503$/],
    [200, vector(), /no value of the last seven days/],
    [200, vector('0'), /has seen no requests/],
    [200, vector('NaN'), /not a number/],
    [200, vector('+Inf'), /not a number/],
    [200, { data: { resultType: 'matrix', result: [] } }, /other than a vector/],
    [200, 'x', /other than a vector/],
  ])('is not known from an answer %i %j', async (status, body, problem) => {
    const url = await serve((_, response) => {
      response.statusCode = status;
      response.end(JSON.stringify(body));
    });
    expect(await ask(url)).toEqual({ problem: expect.stringMatching(problem) as string });
  });

  it('is not waited for, and asked for only where Hive may dial', async () => {
    const silent = await serve(() => undefined);
    expect(await ask(silent)).toEqual({ problem: 'no complete answer within 0.3 s' });
    expect(await ask('http://192.0.2.1:9090')).toEqual({
      problem: expect.stringMatching(
        /192\.0\.2\.1 is not a loopback address.*HIVE_ALLOW_TARGETS=192\.0\.2\.1/,
      ) as string,
    });
    expect(await ask('http://169.254.169.254/', ['169.254.0.0/16'])).toEqual({
      problem: expect.stringContaining('which Hive never dials') as string,
    });
  });
});
