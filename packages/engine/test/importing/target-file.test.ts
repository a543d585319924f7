import { HiveError, targetInputSchema } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import type { Mistake } from '../../src/importing/mistakes.js';
import { readTargetFile, type TargetFileOptions } from '../../src/importing/target-file/target-file.js';

const read = (text: string, options: Partial<TargetFileOptions> = {}) =>
  readTargetFile(text, { environment: {}, fileName: 'hive.yaml', ...options });

function mistakesOf(text: string, options: Partial<TargetFileOptions> = {}): Mistake[] {
  try {
    read(text, options);
  } catch (error) {
    expect(error).toBeInstanceOf(HiveError);
    expect((error as HiveError).code).toBe('validation');
    return (error as HiveError).details?.['problems'] as Mistake[];
  }
  return [];
}

const WHOLE = `
# Everything a target can say.
id: shop
nodes:
  - url: http://\${HOST:-127.0.0.1}:8080/base
    weight: 2
  - { url: 'http://127.0.0.1:8081', id: second }
headers:
  Authorization: Bearer \${TOKEN}
  x-common: 'yes'
requests:
  - name: item
    path: /items/{key}
    keys: { count: 1000, distribution: zipf, exponent: 1.1 }
    weight: 9
  - name: order
    method: POST
    path: /orders
    headers: { authorization: none }
    body: '{"script":"$\${x}"}'
objectives: ['p(99)<250', rate<0.01]
balance: least_connections
watch: { pid: 4711 }
dependencies:
  - { name: db, address: '127.0.0.1:5432', proxy: 'http://127.0.0.1:8474' }
safety: { allowWrites: true }
x-notes: [for the author]
train:
  budget: 2m
`;

describe('a good hive.yaml', () => {
  it('says everything the contract knows; secrets stay as they are written', () => {
    const { target } = read(WHOLE, { environment: { TOKEN: 's3cret' } });
    expect(targetInputSchema.safeParse(target).success).toBe(true);
    expect(target).toMatchObject({
      id: 'shop',
      nodes: [{ url: 'http://127.0.0.1:8080/base', weight: 2 }, { id: 'second' }],
      requests: [
        { headers: { Authorization: 'Bearer ${TOKEN}', 'x-common': 'yes' } },
        { headers: { 'x-common': 'yes', authorization: 'none' }, body: '{"script":"$${x}"}' },
      ],
    });
    expect(target.requests?.[1]?.headers).not.toHaveProperty('Authorization');
    expect(JSON.stringify(target)).not.toContain('s3cret');
    expect(target).not.toHaveProperty('x-notes');
  });

  it('names files whose bytes are bodies, and headers with several values', () => {
    const text = `
url: http://127.0.0.1:1
headers: { x-all: [a, 'b \${T}'] }
requests:
  - { method: POST, bodyFile: photo.jpg }
  - { method: POST, bodyBase64: /w== }`;
    const readFile = (path: string): Uint8Array => Buffer.from([255, ...Buffer.from(path)]);
    const { target } = read(text, { readFile, environment: { T: 't' } });
    const [first, second] = target.requests ?? [];
    expect(Buffer.from(first?.bodyBase64 ?? '', 'base64').toString('latin1')).toBe('ÿphoto.jpg');
    expect(second).toMatchObject({ bodyBase64: '/w==', headers: { 'x-all': ['a', 'b ${T}'] } });
  });

  it('may be JSON, may have anchors and merge keys, may begin with a byte order mark', () => {
    expect(read('{"url": "http://127.0.0.1:1", "requests": [{"path": "/a"}]}').target.requests).toHaveLength(1);
    const text = '\uFEFFurl: http://a\nx-one: &one { method: HEAD }\nrequests:\n  - { <<: *one, path: /a }\n';
    expect(read(text).target.requests).toEqual([{ method: 'HEAD', path: '/a' }]);
  });

  it('gives common headers to the one request that is meant when none is written', () => {
    expect(read('url: http://a\nheaders: { a: b }').target.requests).toEqual([{ headers: { a: 'b' } }]);
  });

  it('reads the blocks of commands with what the caller gives', () => {
    const budget = (value: unknown): number => {
      if (value !== '2m') throw new Error('must be a duration such as 2m');
      return 120_000;
    };
    const options = { environment: { TOKEN: 'x' }, blocks: { train: { budget }, run: {} } };
    expect(read(WHOLE, options).blocks).toEqual({ train: { budget: 120_000 }, run: {} });
    expect(mistakesOf('url: http://a\ntrain:\n  budget: 5\n  budgt: 2m\nrun: 7\n', options)).toEqual([
      { line: 3, column: 11, field: 'train.budget', message: 'must be a duration such as 2m' },
      { line: 4, column: 3, field: 'train.budgt', message: 'is unknown: did you mean budget?' },
      { line: 5, column: 6, field: 'run', message: 'must be a mapping of options to values' },
    ]);
  });
});

describe('a bad hive.yaml', () => {
  it('is told everything at once, each with its place and how to fix it', () => {
    const text = [
      'urll: http://a', // 1
      'nodes:', // 2
      '  - url: ftp://a', // 3
      'nodeHeader: 5', // 4
      'requests:', // 5
      '  - name: a b', // 6
      '    methd: GET', // 7
      '    path: x', // 8
      '    headers: { a: "Bearer ${TOKEN}", n: 5 }', // 9
      '    body: |', // 10
      '      first', // 11
      '      ${OTHER} and ${a.b}', // 12
      '    weight: -1', // 13
      '    keys: { count: 1.5, distribution: zip }', // 14
      '  - 7', // 15
      'objectives: ["p(99)>3"]', // 16
      'objectives: ["p(99)>3"]', // 17
      'safety: { allowWrite: true, maxSeconds: long }', // 18
      'dependencies: [{ name: db }]', // 19
      'insecure:', // 20
      '', // 21
    ].join('\n');
    const found = mistakesOf(text).map(({ line, column, field, message }) => `${line}:${column} ${field} ${message}`);
    const wanted = [
      /^1:1 urll is unknown: did you mean url\?/,
      /^3:10 nodes\[0\]\.url must be an http/,
      /^4:13 nodeHeader must be a string, not a number: put it in quotes/,
      /^6:11 requests\[0\]\.name /,
      /^7:5 requests\[0\]\.methd is unknown: did you mean method\?/,
      /^8:11 requests\[0\]\.path must begin with \//,
      /^9:27 requests\[0\]\.headers\.a needs TOKEN, .*export TOKEN=/,
      /^9:41 requests\[0\]\.headers\.n must be a string, or a list/,
      /^12:7 requests\[0\]\.body needs OTHER/,
      /^12:20 requests\[0\]\.body has '\$\{a\.b\}', which is not a valid reference/,
      /^13:13 requests\[0\]\.weight must be at least 0/,
      /^14:20 requests\[0\]\.keys\.count must be a whole number/,
      /^14:39 requests\[0\]\.keys\.distribution must be one of uniform, zipf: did you mean zipf\?/,
      /^15:5 requests\[1\] must be a mapping .*not a number/,
      /^17:1 .*twice/,
      /^17:14 objectives\[0\] 'p\(99\)>3'/,
      /^18:11 safety\.allowWrite is unknown: did you mean allowWrites\?/,
      /^18:41 safety\.maxSeconds must be a number, not a string/,
      /^19:16 dependencies\[0\]\.address is missing/,
      /^20:\d+ insecure is empty: give true or false, or remove it/,
    ];
    for (const [index, pattern] of wanted.entries()) expect(found[index]).toMatch(pattern);
    expect(found).toHaveLength(wanted.length);
  });

  it('needs a variable only where a request that will be sent needs it', () => {
    const write = '{ method: POST, name: w, headers: { a: "${TOKEN}" }, body: "${a.b}" }';
    const file = (safety: string, more = ''): string =>
      `url: http://a\n${more}requests: [{ name: r }, ${write}]\n${safety}`;
    const fields = (text: string): string[] => mistakesOf(text).map(({ field, message }) => `${field} ${message}`);
    const broken = /^requests\[1\]\.body has '\$\{a\.b\}'/;
    const missing = /^requests\[1\]\.headers\.a needs TOKEN/;
    const one = [expect.stringMatching(broken)];
    expect(fields(file(''))).toEqual(one);
    expect(fields(file('safety: { environment: production }'))).toEqual(one);
    expect(fields(file('safety: { allowWrites: true }'))).toEqual([expect.stringMatching(missing), ...one]);
    const common = 'headers: { authorization: "${COMMON}" }\n';
    expect(fields(file('', common))).toEqual([expect.stringMatching(/^headers\.authorization needs COMMON/), ...one]);
    expect(fields(`url: http://a\n${common}requests: [{ method: DELETE }]`)).toEqual([]);
  });

  it.each([
    ['', 1, /file is empty/],
    ['# nothing\n', 1, /file is empty/],
    ['- a\n', 1, /does not describe a target/],
    ['just a text', 1, /does not describe a target/],
    ['requests: []', 1, /give url, or nodes/],
    ['url: http://a\nnodes: [{ url: http://b }]', 2, /either url or nodes/],
    ['url: http://a\nrequests: [{ weight: 0 }]', 2, /weight above 0/],
    ['url: http://user:pw@a/', 1, /would be stored/],
    ['url: http://${U}@a/', 1, /would be stored|needs U/],
    ['url: ${WHERE}', 1, /needs WHERE/],
    ['url: http://a\n---\nurl: http://b', 2, /second document/],
    ['url: http://a\n\tid: b', 2, /tab indents/],
    ['url: [http://a', 1, /is not YAML/],
    ['url: !web http://a', 1, /tag is unknown/],
    ['{"url": ${WHERE}}', 1, /put \$\{NAME\} in quotes/],
    ['a: &a [x, x, x, x, x, x, x, x, x, x]\nurl: *b', null, /is not YAML/],
    ['url: http://a\nheaders: { a: 5 }', 2, /must be a string/],
    ['url: http://a\nheaders: [a]', 2, /must be a mapping/],
    ['url: http://a\n__proto__: { x: 1 }', 2, /is unknown/],
  ])('%j', (text, line, words) => {
    const mistakes = mistakesOf(text);
    expect(mistakes.some((mistake) => words.test(mistake.message) && mistake.line === line)).toBe(true);
  });

  it('bounds what aliases may multiply', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `x-${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    const text = `x-0: &l0 [a]\n${levels.join('\n')}\nurl: http://a`;
    expect(mistakesOf(text).some(({ message }) => message.includes('alias'))).toBe(true);
  });
});

describe('whatever stands in a file', () => {
  const safely = (text: string): void => {
    try {
      const { target } = read(text, { environment: { TOKEN: 'x' } });
      expect(targetInputSchema.safeParse(target).success).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(HiveError);
    }
  };

  it('is a target or a HiveError: any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), safely), { numRuns: itSlow === it ? 300 : 60 });
  });

  it('is a target or a HiveError: any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        safely(JSON.stringify({ url: 'http://a', requests: [value], nodes: value })),
      ),
      { numRuns: 300 },
    );
  });

  it('is a target or a HiveError: a good file with a piece cut out, put in or doubled', () => {
    const edit = fc.record({
      at: fc.nat(WHOLE.length),
      drop: fc.nat(12),
      add: fc.oneof(
        fc.string({ maxLength: 4 }),
        fc.constantFrom('\n', ': ', '- ', '{', '}', '[', '"', '${', '&a ', '*a', '\t', '#'),
      ),
    });
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    const apply = (all: { at: number; drop: number; add: string }[]): string =>
      all.reduce((text, { at, drop, add }) => text.slice(0, at) + add + text.slice(at + drop), WHOLE);
    fc.assert(fc.property(edits.map(apply), safely), { numRuns: itSlow === it ? 400 : 100 });
  });
});

describe('the series to watch', () => {
  const at = (series: string): string[] =>
    mistakesOf(`url: http://127.0.0.1:1\nwatch:\n  prometheus: http://127.0.0.1:1/m\n  series:\n    - ${series}`).map(
      ({ line, field }) => `${line} ${field}`,
    );

  it.each(["'rate(x[1m])'", "'sum by (a) (b)'", "'a{b=c}'", '\'a{b="1"\'', "'1a'", "''", "'a b'", '\'a{b=~"1"}\''])(
    '%s is refused where it stands',
    (series) => {
      expect(at(series)).toEqual(['5 watch.series[0]']);
    },
  );

  it.each(['a', 'go:rule:sum', '\'a{b="1"}\'', '\' a { b = "1" , c = "x, {" } \'', "'a{}'", '\'a{b="1",}\''])(
    '%s is taken',
    (series) => {
      expect(at(series)).toEqual([]);
    },
  );
});

describe('a body of bytes', () => {
  const wrong = (request: string, options: Partial<TargetFileOptions> = {}): string[] =>
    mistakesOf(`url: http://127.0.0.1:1\nrequests:\n  - ${request}`, options).map(
      ({ line, field, message }) => `${line} ${field} ${message}`,
    );
  const readFile = (): Uint8Array => {
    throw new Error('no such file');
  };

  it.each([
    ['{ bodyFile: 1 }', /^3 requests\[0\]\.bodyFile must be the path/],
    ['{ bodyFile: a, body: b }', /stands beside body/],
    ['{ bodyFile: a, bodyBase64: YQ== }', /stands beside bodyBase64/],
    ['{ bodyFile: a }', /cannot be read: no such file/],
    ['{ bodyBase64: "%" }', /bodyBase64 is not base64/],
    ['{ body: a, bodyBase64: YQ== }', /give either body or bodyBase64/],
    ['{ headers: { a: [1] } }', /headers\.a/],
    ['{ headers: { a: [] } }', /headers\.a/],
  ])('%s is refused where it stands', (request, message) => {
    expect(wrong(request, { readFile }).join()).toMatch(message);
  });

  it('comes from no file where none may be read', () => {
    expect(wrong('{ bodyFile: /etc/passwd }').join()).toMatch(/not read here: give its bytes as bodyBase64/);
  });
});
