import { describe, it } from 'vitest';
import { parse } from 'yaml';
import { PETSTORE_30, SHOP_31 } from './documents.js';
import { ENDLESS, expectEndFor, expectMutationsUnderstood } from './odd-documents.js';

describe('an import', () => {
  it.each(ENDLESS)('comes to an end with %s', (_, schema) => expectEndFor(schema));

  it.each([
    ['3.0', PETSTORE_30 as object],
    ['3.1', parse(SHOP_31) as object],
  ])('of many mutated documents is a clear error or a correct target (%s)', async (_, document) => {
    await expectMutationsUnderstood(document, { numRuns: 200 });
  });
});
