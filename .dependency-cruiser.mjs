// The rules of docs/architecture.md, held by `npm run check`. Each is proven by a deliberate violation in
// test/architecture.test.ts. The list of rules may grow; a rule is never given an exception.

/** Which packages a package may import. */
const LADDER = {
  contract: [],
  engine: ['contract'],
  server: ['contract', 'engine'],
  cli: ['contract', 'engine', 'server'],
  dashboard: ['contract'],
};

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

const ladder = Object.entries(LADDER).map(([name, below]) =>
  forbid(
    `ladder-${name}`,
    `${name} imports ${below.length === 0 ? 'no other package' : below.join(', ')} and nothing above`,
    { path: `^packages/${name}/` },
    { path: '^packages/', pathNot: `^packages/(${[name, ...below].join('|')})/` },
  ),
);

export default {
  forbidden: [
    ...ladder,
    forbid(
      'through-the-index',
      'a package is imported through its index.ts only',
      { path: '^(?:packages/([^/]+)|test|scripts)/' },
      { path: '^packages/[^/]+/src/', pathNot: ['^packages/$1/', '^packages/[^/]+/src/index\\.ts$'] },
    ),
    forbid(
      'no-inner-barrels',
      'an index.ts stands at the door of a package, nowhere else',
      {},
      { path: '^packages/[^/]+/src/.+/index\\.tsx?$' },
    ),
    forbid(
      'engine-strangers',
      'the folders of the engine do not know each other; only training/ knows them all',
      { path: '^packages/engine/src/([^/]+)/', pathNot: '^packages/engine/src/training/' },
      { path: '^packages/engine/src/[^/]+/', pathNot: '^packages/engine/src/$1/' },
    ),
    forbid(
      'engine-words-know-no-folder',
      'files beside the folders of the engine are words shared by all: they import no folder',
      { path: '^packages/engine/src/[^/]+\\.ts$', pathNot: '^packages/engine/src/index\\.ts$' },
      { path: '^packages/engine/src/[^/]+/' },
    ),
    forbid(
      'store-and-bus-are-strangers',
      'store and bus know neither each other nor what uses them',
      { path: '^packages/server/src/(store|bus)/' },
      { path: '^packages/server/src/[^/]+/', pathNot: '^packages/server/src/$1/' },
    ),
    forbid(
      'actions-know-no-transport',
      'an action does not know who called it',
      { path: '^packages/server/src/actions/' },
      { path: '^packages/server/src/(api/|compose\\.ts)' },
    ),
    forbid(
      'api-acts-through-actions',
      'the API validates, acts and maps errors: it reaches store, bus and engine only through actions',
      { path: '^packages/server/src/api/' },
      { path: '^packages/(server/src/(store|bus)/|engine/)' },
    ),
    forbid(
      'only-compose-constructs',
      'concrete stores and buses are chosen in compose.ts; everyone else sees their interfaces',
      { path: '^packages/server/src/', pathNot: '^packages/server/src/(compose\\.ts|store/|bus/)' },
      { path: '^packages/server/src/(store|bus)/', pathNot: '^packages/server/src/(store/store|bus/bus)\\.ts$' },
    ),
    forbid(
      'live-knows-no-screen',
      'the live state of the dashboard is a pure reducer: it knows neither charts nor pages',
      { path: '^packages/dashboard/src/live/' },
      { path: '^packages/dashboard/src/(app|charts|ui)/' },
    ),
    forbid(
      'parts-know-no-page',
      'charts and parts of the screen do not import pages',
      { path: '^packages/dashboard/src/(charts|ui)/' },
      { path: '^packages/dashboard/src/app/' },
    ),
    forbid(
      'contract-is-words',
      'the contract depends on zod alone and runs in a browser',
      { path: '^packages/contract/src/' },
      { pathNot: ['^packages/contract/src/', 'node_modules/zod/'] },
    ),
    forbid('no-cycles', 'no import cycles, types included', {}, { circular: true }),
    forbid(
      'no-orphans',
      'a file that nobody imports and that imports nothing is dead',
      { orphan: true, path: '^packages/[^/]+/src/', pathNot: '\\.d\\.ts$' },
      {},
    ),
    forbid(
      'no-undeclared-packages',
      'what is imported is declared in the package.json of the package that imports it',
      { path: '^(packages/[^/]+/src|test)/' },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid('no-unresolvable', 'every import resolves', {}, { couldNotResolve: true }),
    forbid(
      'no-development-packages',
      'sources do not import development dependencies',
      { path: '^packages/[^/]+/src/' },
      { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    ),
    forbid('tests-are-leaves', 'nothing imports a test', {}, { path: '\\.test\\.tsx?$' }),
    forbid(
      'sources-know-no-test',
      'sources import nothing from test folders',
      { path: '^packages/[^/]+/src/' },
      { path: '(^|/)test/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.next)/' },
    tsConfig: { fileName: 'tsconfig.paths.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js', '.css', '.json'],
    },
  },
};
