import { requestClassSchema } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { createMask, MASKED } from '../../src/safety/mask.js';

const requests = [
  requestClassSchema.parse({
    path: '/?key=${QUERY_KEY}',
    headers: {
      authorization: 'Bearer ${TOKEN}',
      'proxy-authorization': `Basic ${Buffer.from('anna:correct horse').toString('base64')}`,
      cookie: 'theme=dark; session=0123456789',
      'x-region': 'eu',
    },
  }),
];
const mask = createMask({ requests }, { TOKEN: 'tok-4711-abcdef', QUERY_KEY: 'a key with spaces' });

describe('what a target sends back', () => {
  it.each([
    'Bearer tok-4711-abcdef',
    'tok-4711-abcdef',
    'a key with spaces',
    'anna:correct horse',
    'correct horse',
    '0123456789',
    'eu',
  ])('is masked where it is a secret: %s', (text) => {
    expect(mask(text)).toBe(MASKED);
  });

  it.each([
    ['served for tok-4711-abcdef by a', `served for ${MASKED} by a`],
    ['/login?next=a%20key%20with%20spaces', `/login?next=${MASKED}`],
    // Too short to be looked for in other words.
    ['europe-1', 'europe-1'],
    ['node-a', 'node-a'],
  ])('%s is kept as %s', (text, kept) => {
    expect(mask(text)).toBe(kept);
  });

  it('is kept up to 500 bytes', () => {
    const kept = mask('ü'.repeat(1_000));
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(500);
    expect(kept).toMatch(/^ü+…$/);
  });
});
