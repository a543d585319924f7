import { HiveError, targetInputSchema } from '@hive/contract';
import fc from 'fast-check';
import { expect } from 'vitest';
import { fromOpenApi } from '../../src/importing/openapi/open-api.js';
import { mutated } from './mutated.js';

// Documents that no team would write, and what must come of them.

export const URL_31 = 'http://127.0.0.1:3000';

function nested(depth: number, around: (inner: object) => object, innermost: object = { type: 'integer' }): object {
  return depth === 0 ? innermost : around(nested(depth - 1, around, innermost));
}

export const posting = (schema: object): object => ({
  requestBody: { required: true, content: { 'application/json': { schema } } },
  responses: { '200': { description: 'x' } },
});

export const minimal = (change: object): string =>
  JSON.stringify(
    { openapi: '3.0.3', info: { title: 'x', version: '1' }, servers: [{ url: 'http://a' }], paths: {}, ...change },
    null,
    1,
  );

/** Schemas whose examples would take for ever: each ends only when its two seconds are over. */
export const ENDLESS: [what: string, schema: object][] = [
  ['a list that may be long, in a list, in a list …', nested(8, (items) => ({ type: 'array', items, maxItems: 10 }))],
  ['this many that fit', { type: 'array', contains: { type: 'integer' }, maxContains: 2_147_483_647 }],
  [
    'a long text that a condition asks for',
    JSON.parse(
      '{"type":"object","if":{},"then":{"required":["a"],"properties":{"a":{"type":"string","maxLength":2147483647}}}}',
    ) as object,
  ],
  [
    'choices of one, each tried twice',
    nested(30, (one) => ({ anyOf: [one] }), { type: 'object', additionalProperties: false, required: ['x'] }),
  ],
  [
    'more different ones than there are',
    nested(5, (items) => ({ type: 'array', items, uniqueItems: true, minItems: 2 }), { enum: ['a'] }),
  ],
  ['a pattern of repetitions', { type: 'string', pattern: '^((a{999}){999}){999}$' }],
];

/** What can be made of the rest of the document is made. */
export async function expectEndFor(schema: object): Promise<void> {
  const paths = { '/odd': { post: posting(schema) }, '/good': { post: posting({ type: 'integer' }) } };
  const { target } = await fromOpenApi(minimal({ openapi: '3.1.0', paths }), { seed: 1 });
  expect(target.requests?.map(({ path }) => path)).toContain('/good');
}

/** A document with places taken out or replaced is a clear error or a correct target, and goes nowhere else. */
export async function expectMutationsUnderstood(document: object, runs: { numRuns: number; seed?: number }) {
  await fc.assert(
    fc.asyncProperty(mutated(document), async (value) => {
      try {
        const { target } = await fromOpenApi(JSON.stringify(value), { seed: 1, serverUrl: URL_31 });
        expect(targetInputSchema.safeParse(target).success).toBe(true);
        expect(new URL(target.url ?? '').origin).toBe(URL_31);
        for (const { path } of target.requests ?? []) expect(path).toMatch(/^\/[\x21-\x7e]*$/);
      } catch (error) {
        expect(error).toBeInstanceOf(HiveError);
      }
    }),
    runs,
  );
}
