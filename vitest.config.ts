import { defineConfig } from 'vitest/config';

const slow = process.env['HIVE_TEST_SLOW'] === '1';
const tests = (folder: string): string => `${folder}/**/*${slow ? '.slow' : ''}.test.ts`;
const ignored = ['**/node_modules/**', '**/dist/**', ...(slow ? [] : ['**/*.slow.test.ts'])];

/** Suites that measure or start whole processes: they run one after another, when nothing else runs. */
const measuring = [
  'packages/engine/test/load',
  'packages/engine/test/practice',
  'packages/engine/test/training',
  'packages/cli/test',
  'test/e2e',
];

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        test: {
          name: 'unit',
          include: [tests('packages/*/test'), tests('test')],
          exclude: [...ignored, ...measuring.map((folder) => `${folder}/**`)],
          testTimeout: 20_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'measuring',
          include: measuring.map(tests),
          exclude: ignored,
          testTimeout: slow ? 900_000 : 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
