import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const slow = process.env['HIVE_TEST_SLOW'] === '1';
const suffix = slow ? '.slow.test.ts' : '.test.ts';
const ignored = ['**/node_modules/**', '**/dist/**', ...(slow ? [] : ['**/*.slow.test.ts'])];

/** Suites that fill the machine with a browser or with whole Hives, and mostly wait for them: they run in twos. */
const browsing = [
  'test/e2e/team.test.ts',
  'test/e2e/content-policy.test.ts',
  'test/e2e/ending-in-outages.test.ts',
  'test/e2e/examples.test.ts',
  'test/e2e/provider.test.ts',
  'test/e2e/run-charts.test.ts',
  'test/e2e/runs.test.ts',
  'test/e2e/start.test.ts',
];
/** Suites that say something about what they measure: they run one after another, when nothing else runs. */
const measuring = [
  'packages/engine/test/load/coordinated-omission.test.ts',
  'packages/engine/test/load/hostile.test.ts',
  'packages/engine/test/load/overload.test.ts',
  'packages/engine/test/load/percentiles.test.ts',
  'packages/engine/test/practice/leak.test.ts',
  'packages/engine/test/execution/kinds.test.ts',
  'packages/engine/test/execution/named-nodes.test.ts',
  'packages/engine/test/threads/thread-load.test.ts',
  'packages/cli/test/distant-swarm.test.ts',
  'packages/fleet/test/hub/fleet-load.test.ts',
  'packages/fleet/test/hub/fleet.test.ts',
  'packages/server/test/api/large-bodies.test.ts',
  'test/e2e/dashboard.test.ts',
];
const gone = [...browsing, ...measuring].filter((path) => !existsSync(join(import.meta.dirname, path)));
if (gone.length > 0) throw new Error(`vitest.config.ts names ${gone.join(', ')}, which does not exist`);

/** Files of short tests that have long ones beside them (test/slow.ts), or that draw what they test (test/properties.ts). */
function alsoLong(): string[] {
  const rooms = ['test', ...readdirSync(join(import.meta.dirname, 'packages')).map((name) => `packages/${name}/test`)];
  return rooms.flatMap((room) => {
    if (!existsSync(join(import.meta.dirname, room))) return [];
    const paths = readdirSync(join(import.meta.dirname, room), { recursive: true, encoding: 'utf8' });
    const tests = paths.filter((path) => path.endsWith('.test.ts')).map((path) => `${room}/${path}`);
    return tests.filter((path) => {
      const text = readFileSync(join(import.meta.dirname, path), 'utf8');
      return text.includes('itSlow') || text.includes("from 'fast-check'");
    });
  });
}

const shared = {
  pool: 'forks' as const,
  globalSetup: ['test/prepared-data.ts'],
  setupFiles: ['test/properties.ts', 'test/second-tries.ts'],
  hookTimeout: 120_000,
  // One machine is busier than another: a second try tells a defect from a disturbance. `npm test` names what needed one.
  retry: slow ? 0 : 1,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'beside each other',
          include: [`packages/*/test/**/*${suffix}`, `test/**/*${suffix}`],
          exclude: [...ignored, ...browsing, ...measuring, ...(slow ? ['**'] : [])],
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
          name: 'browsing',
          include: browsing,
          exclude: [...ignored, ...(slow ? ['**'] : [])],
          maxWorkers: 2,
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'measuring',
          include: slow ? [`packages/*/test/**/*${suffix}`, `test/**/*${suffix}`, ...alsoLong()] : measuring,
          exclude: ignored,
          testTimeout: slow ? 900_000 : 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
