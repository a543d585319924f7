import { HiveError, targetInputSchema } from '@hive/contract';
import fc from 'fast-check';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { fromHar } from '../../src/importing/har/har.js';
import type { Imported } from '../../src/importing/imported.js';
import { fromAccessLog } from '../../src/importing/logs/access-log.js';
import { fromOpenApi } from '../../src/importing/openapi/open-api.js';
import { PETSTORE_30, SHOP_31 } from './documents.js';
import { mutated } from './mutated.js';

// Real-shaped documents with places taken out or replaced: nothing crashes, and nothing is lost without a word.

type Runs = { numRuns: number; seed?: number };
type Values = Record<string, unknown>;

const isMapping = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null where it ended with an error for people. */
async function imported(read: () => Promise<Imported>): Promise<Imported | null> {
  try {
    const made = await read();
    expect(targetInputSchema.safeParse(made.target).success).toBe(true);
    return made;
  } catch (error) {
    expect(error).toBeInstanceOf(HiveError);
    return null;
  }
}

/** What the notes say was left out, where each says how many. */
const told = ({ notes }: Imported): number =>
  notes.reduce((sum, note) => sum + Number(/Left out: ([\d,]+) /.exec(note)?.[1]?.replaceAll(',', '') ?? 0), 0);
const weights = ({ target }: Imported): number =>
  (target.requests ?? []).reduce((sum, { weight = 0 }) => sum + weight, 0);

const METHODS = /^(?:get|put|post|delete|options|head|patch|trace|query|connect)$/i;

/** Counted without the importer: methods of path items, through one reference. */
function operationsIn(document: unknown): number {
  const paths = isMapping(document) ? document['paths'] : undefined;
  if (!isMapping(paths)) return 0;
  return Object.entries(paths).reduce((sum, [path, item]) => {
    if (path.startsWith('x-') || !isMapping(item) || '$ref' in item) return sum;
    const more = isMapping(item['additionalOperations']) ? Object.keys(item['additionalOperations']).length : 0;
    return sum + Object.keys(item).filter((key) => METHODS.test(key)).length + more;
  }, 0);
}

const hasReference = (document: unknown): boolean =>
  isMapping(document) &&
  isMapping(document['paths']) &&
  Object.values(document['paths']).some((item) => isMapping(item) && '$ref' in item);

export async function expectOpenApiCounted(runs: Runs): Promise<void> {
  const documents = fc.oneof(mutated(PETSTORE_30), mutated(parse(SHOP_31) as object));
  const property = fc.asyncProperty(documents, async (document) => {
    const made = await imported(() =>
      fromOpenApi(JSON.stringify(document), { seed: 1, serverUrl: 'http://127.0.0.1:1' }),
    );
    if (made === null || hasReference(document)) return;
    const leftOut = made.notes.filter((note) => /^Left out: (?!path )/.test(note)).length;
    expect((made.target.requests?.length ?? 0) + leftOut).toBe(operationsIn(document));
  });
  await fc.assert(property, runs);
}

const entry = (method: string, url: string, more: object = {}): object => ({
  startedDateTime: '2025-10-10T13:55:36.000Z',
  request: { method, url, headers: [{ name: 'accept', value: '*/*' }], queryString: [], cookies: [], ...more },
  response: { status: 200, statusText: 'OK', headers: [], content: {} },
});
const RECORDING = [
  entry('GET', 'https://shop.example/'),
  entry('GET', 'https://shop.example/items/1?page=2'),
  entry('GET', 'https://shop.example/items/1?page=2'),
  entry('POST', 'https://shop.example/orders', {
    postData: { mimeType: 'application/json', text: '{"a":1,"password":"x"}' },
  }),
  entry('PUT', 'https://shop.example/photo', {
    postData: { mimeType: 'multipart/form-data', params: [{ name: 'f', fileName: 'a.png' }] },
  }),
  { ...entry('GET', 'https://cdn.example/x.js'), _fromCache: 'disk' },
  entry('OPTIONS', 'https://shop.example/orders'),
];

export async function expectHarCounted(runs: Runs): Promise<void> {
  const property = fc.asyncProperty(mutated({ log: { entries: RECORDING } }), async (value) => {
    const made = await imported(() => Promise.resolve().then(() => fromHar(JSON.stringify(value))));
    if (made === null) return;
    const log = isMapping(value) && isMapping(value['log']) ? value['log'] : {};
    const entries: unknown[] = Array.isArray(log['entries']) ? log['entries'] : [];
    expect(weights(made) + told(made)).toBe(entries.length);
  });
  await fc.assert(property, runs);
}

const LINES = [
  '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /items/1 HTTP/1.1" 200 5 "-" "curl"',
  '10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /items/2?x=1 HTTP/1.1" 404 5',
  'shop.example:80 10.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "POST /orders HTTP/1.1" 201 5',
  '{"method":"GET","path":"/a","status":200}',
  'method=GET path=/b status=200',
  '#Fields: date time cs-method cs-uri-stem sc-status',
  'no line of a log',
];

export async function expectLogsCounted(runs: Runs): Promise<void> {
  const edit = fc.record({
    at: fc.nat(120),
    drop: fc.nat(10),
    add: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('"', ' ', '\\x', '{', '%')),
  });
  const line = fc
    .tuple(fc.constantFrom(...LINES), fc.array(edit, { maxLength: 2 }))
    .map(([text, edits]) =>
      edits.reduce(
        (all, { at, drop, add }) => (all.slice(0, at) + add + all.slice(at + drop)).replace(/[\r\n]/g, ''),
        text,
      ),
    );
  const property = fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), async (lines) => {
    const made = await imported(() => fromAccessLog([lines.join('\n')], { serverUrl: 'http://127.0.0.1:1' }));
    if (made === null) return;
    const read = Number(/from ([\d,]+) lines?/.exec(made.summary)?.[1]?.replaceAll(',', ''));
    expect(weights(made) + told(made)).toBe(read);
    expect(read).toBeLessThanOrEqual(lines.length);
    expect(read).toBeGreaterThanOrEqual(lines.filter((one) => one.trim() !== '' && !one.startsWith('#')).length);
  });
  await fc.assert(property, runs);
}
