import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const slow = process.env['HIVE_TEST_SLOW'] === '1';
const suffix = slow ? '.slow.test.ts' : '.test.ts';
const ignored = ['**/node_modules/**', '**/dist/**', ...(slow ? [] : ['**/*.slow.test.ts'])];

/** Suites that say something about what they measure: they run one after another, when nothing else runs. */
const measuring = [
  'packages/cli/test/verify.test.ts',
  'packages/engine/test/load/coordinated-omission.test.ts',
  'packages/engine/test/load/hostile.test.ts',
  'packages/engine/test/load/overload.test.ts',
  'packages/engine/test/load/percentiles.test.ts',
  'packages/engine/test/practice/leak.test.ts',
  'packages/engine/test/execution/kinds.test.ts',
  'packages/engine/test/execution/named-nodes.test.ts',
  'packages/engine/test/threads/thread-load.test.ts',
  'test/e2e/dashboard.test.ts',
  'test/e2e/example-postgresql.test.ts',
  'test/e2e/examples.test.ts',
  'test/e2e/start.test.ts',
];
const gone = measuring.filter((path) => !existsSync(join(import.meta.dirname, path)));
if (gone.length > 0) throw new Error(`vitest.config.ts names ${gone.join(', ')}, which does not exist`);

const shared = { pool: 'forks' as const, globalSetup: ['test/prepared-data.ts'], hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'beside each other',
          include: [`packages/*/test/**/*${suffix}`, `test/**/*${suffix}`],
          exclude: [...ignored, ...measuring, ...(slow ? ['**'] : [])],
          // Most of a small file is its imports: files that share a process share them.
          isolate: false,
          // Vitest leaves one processor alone: half of what two can do. Many of these wait for processes and sockets.
          maxWorkers: availableParallelism() + 1,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'measuring',
          include: slow ? [`packages/*/test/**/*${suffix}`, `test/**/*${suffix}`] : measuring,
          exclude: ignored,
          testTimeout: slow ? 900_000 : 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
