import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = dirname(import.meta.dirname);

/** One deliberate violation per rule: `from` imports `to`. */
const VIOLATIONS: Record<string, { from: string; imports: string }> = {
  'ladder-contract': { from: 'packages/contract/src/up.ts', imports: '@hive/engine' },
  'ladder-engine': { from: 'packages/engine/src/up.ts', imports: '@hive/server' },
  'ladder-report': { from: 'packages/report/src/up.ts', imports: '@hive/server' },
  'ladder-fleet': { from: 'packages/fleet/src/up.ts', imports: '@hive/report' },
  'ladder-server': { from: 'packages/server/src/up.ts', imports: '../../cli/src/main.js' },
  'ladder-cli': { from: 'packages/cli/src/up.ts', imports: '../../dashboard/src/app/page.js' },
  'ladder-dashboard': { from: 'packages/dashboard/src/down.ts', imports: '@hive/engine' },
  'through-the-index': { from: 'packages/engine/src/deep.ts', imports: '../../contract/src/window.js' },
  'no-inner-barrels': { from: 'packages/engine/src/training/barrel.ts', imports: '../load/index.js' },
  'engine-safety': { from: 'packages/engine/src/safety/above.ts', imports: '../metrics/metrics.js' },
  'engine-metrics': { from: 'packages/engine/src/metrics/beside.ts', imports: '../load/load.js' },
  'engine-faults': { from: 'packages/engine/src/faults/beside.ts', imports: '../load/load.js' },
  'engine-watching': { from: 'packages/engine/src/watching/beside.ts', imports: '../metrics/metrics.js' },
  'engine-machine': { from: 'packages/engine/src/machine/beside.ts', imports: '../metrics/metrics.js' },
  'engine-checking': { from: 'packages/engine/src/checking/beside.ts', imports: '../faults/faults.js' },
  'engine-practice': { from: 'packages/engine/src/practice/beside.ts', imports: '../faults/faults.js' },
  'engine-importing': { from: 'packages/engine/src/importing/har/above.ts', imports: '../../kinds/kinds.js' },
  'engine-learning': { from: 'packages/engine/src/learning/search/above.ts', imports: '../../kinds/kinds.js' },
  'engine-judging': { from: 'packages/engine/src/judging/beside.ts', imports: '../learning/limit/limit.js' },
  'engine-http1': { from: 'packages/engine/src/http1/above.ts', imports: '../load/load.js' },
  'engine-load': { from: 'packages/engine/src/load/beside.ts', imports: '../metrics/metrics.js' },
  'engine-kinds': { from: 'packages/engine/src/kinds/some/above.ts', imports: '../../execution/execution.js' },
  'engine-threads': { from: 'packages/engine/src/threads/beside.ts', imports: '../kinds/kinds.js' },
  'engine-ceiling': { from: 'packages/engine/src/ceiling/beside.ts', imports: '../kinds/kinds.js' },
  'engine-virtual': { from: 'packages/engine/src/virtual/beside.ts', imports: '../kinds/kinds.js' },
  'engine-comparing': { from: 'packages/engine/src/comparing/beside.ts', imports: '../kinds/kinds.js' },
  'engine-execution': { from: 'packages/engine/src/execution/above.ts', imports: '../training/training.js' },
  'engine-training': { from: 'packages/engine/src/training/above.ts', imports: '../attic/attic.js' },
  'engine-rooms-are-drawn': { from: 'packages/engine/src/attic/attic.ts', imports: '../word.js' },
  'engine-words-know-no-room': { from: 'packages/engine/src/word.ts', imports: './load/load.js' },
  'learning-belief': { from: 'packages/engine/src/learning/belief/above.ts', imports: '../limit/limit.js' },
  'learning-limit': { from: 'packages/engine/src/learning/limit/above.ts', imports: '../search/above.js' },
  'server-store': { from: 'packages/server/src/store/beside.ts', imports: '../bus/bus.js' },
  'server-bus': { from: 'packages/server/src/bus/beside.ts', imports: '../store/store.js' },
  'server-identity': { from: 'packages/server/src/identity/above.ts', imports: '../sessions/runner.js' },
  'server-vault': { from: 'packages/server/src/vault/above.ts', imports: '../sessions/runner.js' },
  'server-sinks': { from: 'packages/server/src/sinks/beside.ts', imports: '../store/store.js' },
  'server-fleet': { from: 'packages/server/src/fleet/beside.ts', imports: '../store/store.js' },
  'server-incidents': { from: 'packages/server/src/incidents/above.ts', imports: '../actions/actions.js' },
  'server-targets': { from: 'packages/server/src/targets/above.ts', imports: '../sessions/runner.js' },
  'server-history': { from: 'packages/server/src/history/above.ts', imports: '../sessions/runner.js' },
  'server-sessions': { from: 'packages/server/src/sessions/above.ts', imports: '../actions/actions.js' },
  'server-checks': { from: 'packages/server/src/checks/beside.ts', imports: '../actions/actions.js' },
  'server-schedules': { from: 'packages/server/src/schedules/above.ts', imports: '../actions/actions.js' },
  'server-channels': { from: 'packages/server/src/channels/above.ts', imports: '../actions/actions.js' },
  'server-actions': { from: 'packages/server/src/actions/action.ts', imports: '../api/route.js' },
  'server-api': { from: 'packages/server/src/api/above.ts', imports: '../attic/attic.js' },
  'server-rooms-are-drawn': { from: 'packages/server/src/attic/attic.ts', imports: '../log.js' },
  'rooms-know-no-composition': { from: 'packages/server/src/sessions/composed.ts', imports: '../compose.js' },
  'api-acts-through-verbs': { from: 'packages/server/src/api/shortcut.ts', imports: '../store/store.js' },
  'api-binds-no-verb': { from: 'packages/server/src/api/binder.ts', imports: '../actions/verbs/act.js' },
  'only-compose-constructs': { from: 'packages/server/src/actions/builder.ts', imports: '../store/open.js' },
  'dashboard-ui': { from: 'packages/dashboard/src/ui/above.ts', imports: '../panels/panel.js' },
  'dashboard-live': { from: 'packages/dashboard/src/live/above.ts', imports: '../charts/chart.js' },
  'dashboard-charts': { from: 'packages/dashboard/src/charts/above.ts', imports: '../panels/panel.js' },
  'dashboard-panels': { from: 'packages/dashboard/src/panels/above.ts', imports: '../app/page.js' },
  'dashboard-rooms-are-drawn': { from: 'packages/dashboard/src/attic/attic.ts', imports: '../ui/button.js' },
  'ui-knows-nothing-of-hive': { from: 'packages/dashboard/src/ui/knowing.ts', imports: '@hive/contract' },
  'contract-is-words': { from: 'packages/contract/src/node.ts', imports: 'node:fs' },
  'no-cycles': { from: 'packages/engine/src/load/cycle-a.ts', imports: './cycle-b.js' },
  'no-orphans': { from: 'packages/engine/src/alone.ts', imports: '' },
  'no-undeclared-packages': { from: 'packages/engine/src/undeclared.ts', imports: 'undeclared' },
  'no-unresolvable': { from: 'packages/engine/src/unresolvable.ts', imports: './nowhere.js' },
  'no-development-packages': { from: 'packages/engine/src/development.ts', imports: 'development' },
  'tests-are-leaves': { from: 'packages/engine/test/second.test.ts', imports: './first.test.js' },
  'sources-know-no-test': { from: 'packages/engine/src/testing.ts', imports: '../test/first.test.js' },
};

const BYSTANDERS = [
  'packages/contract/src/index.ts',
  'packages/contract/src/window.ts',
  'packages/engine/src/index.ts',
  'packages/engine/src/load/index.ts',
  'packages/engine/src/load/load.ts',
  'packages/engine/src/metrics/metrics.ts',
  'packages/engine/src/faults/faults.ts',
  'packages/engine/src/learning/limit/limit.ts',
  'packages/engine/src/kinds/kinds.ts',
  'packages/engine/src/execution/execution.ts',
  'packages/engine/src/training/training.ts',
  'packages/engine/test/first.test.ts',
  'packages/report/src/index.ts',
  'packages/server/src/index.ts',
  'packages/server/src/actions/actions.ts',
  'packages/server/src/actions/verbs/act.ts',
  'packages/server/src/api/route.ts',
  'packages/server/src/bus/bus.ts',
  'packages/server/src/compose.ts',
  'packages/server/src/log.ts',
  'packages/server/src/sessions/runner.ts',
  'packages/server/src/store/open.ts',
  'packages/server/src/store/store.ts',
  'packages/cli/src/main.ts',
  'packages/dashboard/src/app/page.ts',
  'packages/dashboard/src/charts/chart.ts',
  'packages/dashboard/src/panels/panel.ts',
  'packages/dashboard/src/ui/button.ts',
  'test/leaf.ts',
];

let folder = '';
let found: { rules: string[]; violations: { rule: string; from: string }[] };

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A copy of the house with one violation of each rule in it. */
function writeViolations(): void {
  for (const name of ['tsconfig.paths.json', 'tsconfig.base.json']) cpSync(join(root, name), join(folder, name));
  for (const path of BYSTANDERS) write(path, 'export const here = 1;\n');
  for (const { from, imports } of Object.values(VIOLATIONS)) {
    write(
      from,
      imports === ''
        ? 'export const alone = 1;\n'
        : `import type { here } from '${imports}';\nexport type Here = typeof here;\n`,
    );
  }
  write('packages/engine/src/load/cycle-b.ts', "import type { Here } from './cycle-a.js';\nexport type here = Here;\n");
  for (const name of ['undeclared', 'development']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'exports.here = 1;\n');
  }
  write(
    'packages/engine/package.json',
    JSON.stringify({ name: '@hive/engine', devDependencies: { development: '1' } }),
  );
  symlinkSync(join(root, 'node_modules/typescript'), join(folder, 'node_modules/typescript'));
}

describe('the rules of the architecture', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hive-architecture-'));
    writeViolations();
    const output = execFileSync(process.execPath, [join(root, 'scripts/checks/dependencies.mjs'), folder], {
      encoding: 'utf8',
    });
    found = JSON.parse(output) as typeof found;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has a deliberate violation for every rule', () => {
    expect(Object.keys(VIOLATIONS).toSorted()).toEqual(found.rules.toSorted());
  });

  it.each(Object.entries(VIOLATIONS))('%s is caught', (rule, { from }) => {
    expect(
      found.violations.filter((violation) => violation.rule === rule).map((violation) => violation.from),
    ).toContain(from);
  });
});
