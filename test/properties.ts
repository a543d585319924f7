import fc from 'fast-check';

/**
 * Vitest runs this before each file. Properties draw the same values in each quick run, so that none turns red by chance; long runs draw new
 * ones, and fast-check prints the seed of what failed.
 */
if (process.env['HIVE_TEST_SLOW'] !== '1') fc.configureGlobal({ seed: 20_261_129 });
