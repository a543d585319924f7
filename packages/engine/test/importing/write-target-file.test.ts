import { targetInputSchema, toTarget } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Imported } from '../../src/importing/imported.js';
import { createNames } from '../../src/importing/imported.js';
import { fromOpenApi } from '../../src/importing/openapi/open-api.js';
import { escapeReferences } from '../../src/safety/secrets.js';
import { readTargetFile } from '../../src/importing/target-file/target-file.js';
import { writeTargetFile } from '../../src/importing/target-file/write-target-file.js';
import { PETSTORE_30 } from './documents.js';

const reread = (imported: Pick<Imported, 'target'> & Partial<Imported>, environment = {}) =>
  readTargetFile(writeTargetFile(imported, { source: 'x' }), { environment, fileName: 'hive.yaml' }).target;

describe('writeTargetFile', () => {
  it('writes what is read again, with its comments', async () => {
    const imported = await fromOpenApi(JSON.stringify(PETSTORE_30), { seed: 1 });
    const environment = Object.fromEntries(imported.secrets.map(({ name }) => [name, 'x']));
    expect(toTarget(reread(imported, environment), 'a')).toEqual(toTarget(imported.target, 'a'));
    const text = writeTargetFile(imported, { source: 'petstore\n.json' });
    expect(text).toMatch(/^# Made from petstore \.json:/m);
    expect(text).toMatch(/^ {2}# All pets\n {2}- name: listPets$/m);
    expect(text).toMatch(/^ {2}allowWrites: false$/m);
    expect(text).not.toMatch(/\n\n\n/);
  });

  it('keeps what a target says itself', () => {
    const target = {
      url: 'http://127.0.0.1:1',
      objectives: ['avg<80'],
      safety: { allowWrites: true },
      watch: { pid: 7 },
    };
    expect(reread({ target })).toEqual(target);
  });

  it('writes any text so that the same is read', () => {
    const text = fc.string({ unit: 'grapheme-composite' }).map(escapeReferences);
    const request = fc.record({
      name: text.map((wish) => createNames()(wish)),
      body: text,
      headers: fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), text),
    });
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 3 }), text, (requests, comment) => {
        const target = { url: 'http://127.0.0.1:1', requests };
        const comments = Object.fromEntries(requests.map(({ name }) => [name, comment]));
        expect(reread({ target, comments }).requests).toEqual(requests);
      }),
      { numRuns: 200 },
    );
  });
});

describe('createNames', () => {
  it('gives names that the contract takes, each once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'A', 'a-2', '', '.', 'x'.repeat(80)))),
        (wishes) => {
          const nameFor = createNames();
          const names = wishes.map((wish) => nameFor(wish));
          expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
          const requests = names.map((name) => ({ name }));
          expect(targetInputSchema.safeParse({ url: 'http://a', requests }).success).toBe(true);
        },
      ),
    );
  });

  it.each([
    ['get/users/{id}', 'get-users-id'],
    ['Café Größe', 'Cafe-Gro-e'],
    ['...', 'request'],
  ])('%s', (wish, name) => expect(createNames()(wish)).toBe(name));
});
