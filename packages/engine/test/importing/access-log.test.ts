import { HiveError, targetInputSchema } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAccessLog } from '../../src/importing/logs/access-log.js';
import { createLogReader } from '../../src/importing/logs/log-reader.js';
import { linesOf } from '../../src/importing/logs/log-lines.js';

const URL_HERE = 'http://127.0.0.1:8080';
const combined = (request: string, status = 200): string =>
  `203.0.113.9 - ann [10/Oct/2025:13:55:36 +0000] "${request}" ${status} 2326 "https://a.example/?x=[1]" "Mozilla/5.0 (\\"x\\")"`;
const common = (request: string, status = 200): string =>
  `::1 - - [10/Oct/2025:13:55:36 +0000] "${request}" ${status} -`;
const repeat = (times: number, line: (index: number) => string): string[] =>
  Array.from({ length: times }, (_, i) => line(i));
const read = (lines: string[], options: object = {}) =>
  fromAccessLog([lines.join('\n')], { serverUrl: URL_HERE, ...options });

/** Without the name of the format. */
const readLogLine = (line: string): object => {
  const { format: _, ...read } = createLogReader()(line);
  return read;
};

describe('a line of the common or the combined format', () => {
  it.each([
    [combined('GET /a?b=c HTTP/1.1'), { type: 'request', method: 'GET', path: '/a?b=c', host: null }],
    [common('POST /a HTTP/1.0', 201), { type: 'request', method: 'POST', path: '/a', host: null }],
    [
      `Shop.example:443 ${combined('HEAD / HTTP/2.0', 304)} 0.012 "-"`,
      { type: 'request', method: 'HEAD', path: '/', host: 'shop.example' },
    ],
    [`${combined('GET /a HTTP/1.1')}\r`, { type: 'request', method: 'GET', path: '/a', host: null }],
    [
      combined('GET /caf\u00c3\u00a9?q={x}|y HTTP/1.1'),
      { type: 'request', method: 'GET', path: '/caf%C3%A9?q=%7Bx%7D%7Cy', host: null },
    ],
    [combined('GET /a HTTP/1.1', 404), { type: 'status', status: 404 }],
    [combined('-', 400), { type: 'status', status: 400 }],
    [combined('GET /a HTTP/1.1', 101), { type: 'status', status: 101 }],
    [
      combined('GET http://elsewhere.example?q=1 HTTP/1.1'),
      { type: 'request', method: 'GET', path: '/?q=1', host: 'elsewhere.example' },
    ],
    [
      combined('GET /\\xD0\\xBF\\x22\\" HTTP/1.1'),
      { type: 'request', method: 'GET', path: '/%D0%BF%22%22', host: null },
    ],
    [combined('CONNECT a:443 HTTP/1.1'), { type: 'unsendable', why: 'with a method that Hive never sends' }],
    [combined('OPTIONS * HTTP/1.1'), { type: 'unsendable', why: "that ask for *, the server's own options" }],
    [
      combined('GET /a\\x01b HTTP/1.1'),
      { type: 'unsendable', why: 'with a control character, a space or a \\ in the path' },
    ],
    [combined('GET /a b HTTP/1.1'), { type: 'malformed' }],
    [combined('GET /a'), { type: 'malformed' }],
    ['', { type: 'malformed' }],
    ['{"method":"GET"}', { type: 'malformed' }],
    ['a [b] "GET /a HTTP/1.1" 20 1', { type: 'malformed' }],
  ])('%s', (line, wanted) => expect(readLogLine(line)).toEqual(wanted));

  it('never throws, and yields a path that can be sent', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('GET', ' /', '" 200 5', '[', ']', '"', ' - - ', 'HTTP/1.1', '\\'),
    );
    const line = fc.oneof(
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }).map((path) => combined(`GET /${path} HTTP/1.1`)),
    );
    fc.assert(
      fc.property(line, (text) => {
        const found = createLogReader()(Buffer.from(text, 'utf8').toString('latin1'));
        if (found.type === 'request') expect(found.path).toMatch(/^\/[\x21-\x7e]*$/);
      }),
      { numRuns: 500 },
    );
  });
});

async function collect(chunks: Iterable<Uint8Array | string>): Promise<(string | null)[][]> {
  const batches: (string | null)[][] = [];
  for await (const batch of linesOf(chunks)) batches.push(batch);
  return batches;
}

describe('linesOf', () => {
  it('does not care where chunks end', async () => {
    const text = 'first é\n\nsecond\r\nthird';
    const bytes = Buffer.from(text, 'utf8');
    for (let size = 1; size < 12; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const lines = (await collect(chunks)).flat();
      expect(lines.map((line) => line && Buffer.from(line, 'latin1').toString('utf8'))).toEqual(text.split('\n'));
    }
  });

  it('holds no endless line', async () => {
    function* chunks(): Generator<string> {
      yield 'a\n';
      for (let i = 0; i < 100; i++) yield 'x'.repeat(10_000);
      yield '\nb\n';
    }
    expect((await collect(chunks())).flat()).toEqual(['a', null, 'b']);
  });
});

describe('an access log', () => {
  it('becomes requests with weights; what was left out is said', async () => {
    const lines = [
      ...repeat(60, () => combined('GET / HTTP/1.1')),
      ...repeat(30, () => common('GET /search?q=tea&page=all HTTP/1.1')),
      ...repeat(10, () => common('GET /search?q=mate&page=all HTTP/1.1')),
      ...repeat(5, () => common('POST /orders HTTP/1.1', 201)),
      ...repeat(7, () => combined('GET /gone HTTP/1.1', 404)),
      ...repeat(2, () => combined('GET /broken HTTP/1.1', 500)),
      'what is this',
      '',
    ];
    const { target, notes, comments, summary } = await read(lines);
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    expect(target).toEqual({
      url: URL_HERE,
      requests: [
        { name: 'get', method: 'GET', path: '/', weight: 60 },
        { name: 'get-search', method: 'GET', path: '/search?q=tea&page=all', weight: 40 },
        { name: 'post-orders', method: 'POST', path: '/orders', weight: 5 },
      ],
    });
    expect(comments['get-search']).toMatch(/most frequent of 2/);
    expect(summary).toMatch(/3 requests from 115 lines/);
    const said = notes.join('\n');
    expect(said).toMatch(/Left out: 9 lines with a status outside .*7 × 404, 2 × 500/);
    expect(said).toMatch(/Left out: 1 line in no format that Hive knows/);
    expect(said).toMatch(/Not sent until safety\.allowWrites is on: 1 writing request/);
    expect(said).toMatch(/no bodies/);
  });

  it('groups ids to keys, with their number and skew', async () => {
    // Key k is asked for 1000 ÷ k times: Zipf with exponent 1.
    const skewed = Array.from({ length: 100 }, (_, k) =>
      repeat(Math.round(1_000 / (k + 1)), () => combined(`GET /items/${k + 1} HTTP/1.1`)),
    ).flat();
    const even = repeat(300, (i) => combined(`GET /users/${5_000 + (i % 60)}/orders/7 HTTP/1.1`));
    const uuids = repeat(40, (i) =>
      combined(`GET /files/3f2504e0-4f89-11d3-9a0c-0305e82c33${String(10 + (i % 20))} HTTP/1.1`),
    );
    const queries = repeat(20, (i) => combined(`GET /list?page=${1 + (i % 4)}&sort=up HTTP/1.1`));
    const { target, notes, comments } = await read([...skewed, ...even, ...uuids, ...queries]);
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    const requests = target.requests ?? [];
    expect(requests.map(({ path }) => path)).toEqual([
      '/items/{key}',
      '/users/{key}/orders/7',
      '/files/{key}',
      '/list?page={key}&sort=up',
    ]);
    expect(requests[0]?.keys).toMatchObject({ count: 100, distribution: 'zipf' });
    expect(requests[0]?.keys?.exponent).toBeCloseTo(1, 1);
    expect(requests[1]?.keys).toEqual({ count: 60, distribution: 'uniform' });
    expect(requests[2]?.keys).toEqual({ count: 20, distribution: 'uniform' });
    expect(requests[3]?.keys).toEqual({ count: 4, distribution: 'uniform' });
    expect(comments['get-users-key-orders-7']).toMatch(
      /60 different ids, most often 50\d\d; \{key\} is drawn from 1 to 60, unlike these ids/,
    );
    expect(comments['get-items-key']).not.toMatch(/unlike these ids/);
    expect(notes.join('\n')).toMatch(/ids of 2 requests are different .*--exact-ids/);
  });

  it('keeps ids when asked to, and at most this many requests', async () => {
    const lines = repeat(100, (i) => combined(`GET /items/${Math.floor(Math.sqrt(i))} HTTP/1.1`));
    const { target, notes } = await read(lines, { exactIds: true, most: 3 });
    expect(target.requests?.map(({ path, weight }) => [path, weight])).toEqual([
      ['/items/9', 19],
      ['/items/8', 17],
      ['/items/7', 15],
    ]);
    expect(notes[0]).toBe('Left out: 7 less frequent requests; the rest covers 51.0 % of the traffic');
  });

  it('keeps no credentials', async () => {
    const { target, secrets } = await read([combined('GET /a?access_token=s3cret&x=1 HTTP/1.1')]);
    expect(target.requests?.[0]?.path).toBe('/a?access_token=${ACCESS_TOKEN:-}&x=1');
    expect(secrets).toMatchObject([{ name: 'ACCESS_TOKEN' }]);
  });

  it.each([
    [[], /log is empty/],
    [['', ' '], /log is empty/],
    [['hello', 'world'], /no line is in a format that Hive knows; the first is 'hello'/],
    [['\u0000\u001b[31m'], /the first is '\?\?\[31m'/],
    [[combined('GET /a HTTP/1.1', 500)], /none of 1 line can be used: .*1 × 500/],
  ])('without anything to send is refused: %j', async (lines, words) => {
    await expect(read(lines)).rejects.toThrow(HiveError);
    await expect(read(lines)).rejects.toThrow(words);
  });

  it('is a HiveError or a valid target, whatever it holds', async () => {
    const request = fc.oneof(fc.webPath(), fc.string({ unit: 'binary' }), fc.webUrl({ withQueryParameters: true }));
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom('GET', 'POST', 'get', 'TRACE'), request)
        .map(([method, path]) => combined(`${method} /${path} HTTP/1.1`)),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        try {
          const { target } = await read(lines);
          expect(targetInputSchema.safeParse(target).success).toBe(true);
          expect(target.url).toBe(URL_HERE);
        } catch (error) {
          expect(error).toBeInstanceOf(HiveError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
