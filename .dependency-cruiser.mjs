// The rules of docs/architecture.md, held by `npm run check`. Each is proven by a deliberate violation in
// test/architecture.test.ts. The list of rules may grow; a rule is never given an exception.

/** Which packages a package may import. */
const LADDER = {
  contract: [],
  engine: ['contract'],
  report: ['contract', 'engine'],
  fleet: ['contract', 'engine'],
  server: ['contract', 'engine', 'report', 'fleet'],
  cli: ['contract', 'engine', 'report', 'fleet', 'server'],
  dashboard: ['contract'],
};

/**
 * The rooms of the engine, from the ground up: a room may import those below its floor, never one beside it or above. On the ground are
 * the files beside the rooms, words shared by all; on top stands index.ts.
 */
const FLOORS = [
  ['safety'],
  ['http1'],
  ['checking', 'metrics', 'faults', 'watching', 'machine', 'practice', 'importing', 'learning', 'judging', 'load'],
  ['kinds', 'threads', 'ceiling', 'virtual', 'comparing'],
  ['execution'],
  ['training'],
];

/**
 * The rooms of the server, likewise. A verb knows who asks and not through what; the API knows the verbs, and who asks. On top stands
 * compose.ts, which alone constructs.
 */
const SERVER_FLOORS = [
  ['store', 'bus', 'sinks', 'fleet'],
  ['identity', 'vault'],
  ['targets', 'history'],
  ['sessions'],
  ['checks', 'schedules', 'incidents', 'channels'],
  ['actions'],
  ['api'],
];

/** The storeys of learning: what to try next ← what results taught ← the mathematics. */
const STOREYS = ['belief', 'limit', 'search'];

/**
 * The rooms of the dashboard: which a room may import. Beside them are config.ts and the like, of which app/ alone knows. A screen's
 * primitives know nothing of Hive, the contract included.
 */
const SCREEN = {
  ui: [],
  live: [],
  charts: ['ui', 'live'],
  panels: ['ui', 'live', 'charts'],
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

const ENGINE = 'packages/engine/src/';
const SERVER = 'packages/server/src/';
const rooms = [...roomsOf('engine', FLOORS), ...roomsOf('server', SERVER_FLOORS)];

function roomsOf(name, floors) {
  const source = `packages/${name}/src/`;
  return floors.flatMap((floor, index) =>
    floor.map((room) => {
      const below = floors.slice(0, index).flat();
      return forbid(
        `${name}-${room}`,
        `${room}/ imports ${below.length === 0 ? 'no other room' : below.join('/, ') + '/'} and the words beside the rooms`,
        { path: `^${source}${room}/` },
        { path: `^${source}[^/]+/`, pathNot: `^${source}(${[room, ...below].join('|')})/` },
      );
    }),
  );
}

const storeys = STOREYS.slice(0, -1).map((storey, index) =>
  forbid(
    `learning-${storey}`,
    `learning/${storey}/ knows nothing of the storeys above it`,
    { path: `^${ENGINE}learning/${storey}/` },
    { path: `^${ENGINE}learning/(${STOREYS.slice(index + 1).join('|')})/` },
  ),
);

const DASHBOARD = 'packages/dashboard/src/';
const screen = Object.entries(SCREEN).map(([room, below]) =>
  forbid(
    `dashboard-${room}`,
    `${room}/ imports ${below.length === 0 ? 'no other room' : below.join('/, ') + '/'} and nothing beside the rooms`,
    { path: `^${DASHBOARD}${room}/` },
    { path: `^${DASHBOARD}`, pathNot: `^${DASHBOARD}(${[room, ...below].join('|')})/` },
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
    ...rooms,
    ...storeys,
    forbid(
      'engine-rooms-are-drawn',
      'every room of the engine stands on one of the floors above',
      { path: `^${ENGINE}[^/]+/`, pathNot: `^${ENGINE}(${FLOORS.flat().join('|')})/` },
      {},
    ),
    forbid(
      'engine-words-know-no-room',
      'files beside the rooms of the engine are words shared by all: they import no room',
      { path: `^${ENGINE}[^/]+\\.ts$`, pathNot: `^${ENGINE}index\\.ts$` },
      { path: '^packages/engine/src/[^/]+/' },
    ),
    forbid(
      'server-rooms-are-drawn',
      'every room of the server stands on one of its floors',
      { path: `^${SERVER}[^/]+/`, pathNot: `^${SERVER}(${SERVER_FLOORS.flat().join('|')})/` },
      {},
    ),
    forbid(
      'rooms-know-no-composition',
      'compose.ts knows the rooms, and no room knows it',
      { path: `^${SERVER}[^/]+/` },
      { path: `^${SERVER}(compose|index)\\.ts$` },
    ),
    forbid(
      'api-acts-through-verbs',
      'the API validates, acts and maps errors: it gets the verbs bound to their parts, and knows who asks',
      { path: `^${SERVER}api/` },
      {
        path: '^packages/(server/src/(store|bus|sessions|targets|history|checks|schedules|incidents|channels|vault)/|engine/)',
      },
    ),
    forbid(
      'api-binds-no-verb',
      'verbs are bound in compose.ts: the API knows them by actions.ts alone',
      { path: `^${SERVER}api/` },
      { path: `^${SERVER}actions/`, pathNot: `^${SERVER}actions/actions\\.ts$` },
    ),
    forbid(
      'only-compose-constructs',
      'concrete stores and buses are chosen in compose.ts; everyone else sees their interfaces',
      { path: '^packages/server/src/', pathNot: '^packages/server/src/(compose\\.ts|store/|bus/)' },
      { path: '^packages/server/src/(store|bus)/', pathNot: '^packages/server/src/(store/store|bus/bus)\\.ts$' },
    ),
    ...screen,
    forbid(
      'dashboard-rooms-are-drawn',
      'every room of the dashboard is in the table above, or is app/: pages and layout, which import all',
      { path: `^${DASHBOARD}[^/]+/`, pathNot: `^${DASHBOARD}(app|${Object.keys(SCREEN).join('|')})/` },
      {},
    ),
    forbid(
      'ui-knows-nothing-of-hive',
      "a screen's primitives do not know what they show",
      { path: `^${DASHBOARD}ui/` },
      { path: '^packages/contract/' },
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
