import { it } from 'vitest';

const nothing = (): void => undefined;

/**
 * `it`, for what is too long for `npm test` and stands beside the shorter tests of its file. `npm run test:slow` runs every file that
 * imports this, whole.
 */
export const itSlow: typeof it =
  process.env['HIVE_TEST_SLOW'] === '1'
    ? it
    : (Object.assign(nothing, { each: () => nothing }) as unknown as typeof it);
