// Bundles the command `hive` into one file in place of hundreds, and keeps beside it what V8 compiled of it. Used by scripts/bootstrap.mjs,
// which has built the packages before.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { BUNDLED } from './production.mjs';

const ROOT = dirname(import.meta.dirname);
const OUT = join(ROOT, 'packages/cli/dist/bundle');
const PARTS = join(OUT, 'parts');
const COMMAND = 'packages/cli/dist/main.js';
/** Without the loader of ES modules a process and a thread start sooner. */
const CJS = { format: 'cjs', outExtension: { '.js': '.cjs' } };
const THREAD = { worker: 'packages/engine/dist/threads/worker.js' };
const MODULE_THREADS = {
  'answering-worker': 'packages/engine/dist/ceiling/answering-worker.js',
  'heart-worker': 'packages/fleet/dist/hub/heart-worker.js',
  'database-worker': 'packages/server/dist/store/embedded/database-worker.js',
  'learner-worker': 'packages/server/dist/history/learner/learner-worker.js',
  'body-worker': 'packages/server/dist/api/bodies/body-worker.js',
};
/** The mark makes each bundle another; where CommonJS has no `import.meta`, withOwnAddress writes `bundledAt`. */
const MARK = randomBytes(8).toString('hex');
const BANNER = `// ${MARK}
const bundledAt = require('node:url').pathToFileURL(__filename).href;
const importWith = typeof importOutside === 'function' ? importOutside : (name) => import(name);`;
/** What is outside and CommonJS is required by bundled CommonJS, which a module cannot do by itself. */
const REQUIRES = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`;
const OURS = /\/packages\/(contract|engine|report|fleet|server|cli)\/dist\//;
const HAS_EFFECT = /\/contract\/dist\/issue-words\.js$/;

const ENGINE_INDEX = join(ROOT, 'packages/engine/dist/index.js');
const PASSED_ON = /^export \{([^}]*)\} from '([^']+)';\n/gm;
const PLACES = new Map(placesOf(ENGINE_INDEX));

const common = {
  absWorkingDir: ROOT,
  outdir: OUT,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  sourcemap: 'linked',
  logLevel: 'warning',
};
const alone = { ...common, plugins: [{ name: 'hive', setup: followRules }] };

rmSync(PARTS, { recursive: true, force: true });
// First what is needed together, by who needs it; then all of it in one file, where each part is run when it is first needed.
const { metafile } = await build({
  ...alone,
  entryPoints: { hive: COMMAND },
  outdir: PARTS,
  format: 'esm',
  splitting: true,
  metafile: true,
});
const { outputFiles } = await build({
  ...common,
  entryPoints: [join(PARTS, 'hive.js')],
  ...CJS,
  packages: 'external',
  write: false,
  banner: { js: BANNER },
});
await build({ ...alone, entryPoints: THREAD, ...CJS });
await build({ ...alone, entryPoints: MODULE_THREADS, format: 'esm', banner: { js: REQUIRES } });
for (const { path, text } of outputFiles.toSorted((a, b) => a.path.length - b.path.length)) {
  // A process that starts meanwhile finds a whole file.
  // See bin/bundle.js, which passes in how to import where V8 does not know.
  writeFileSync(`${path}.new`, path.endsWith('.cjs') ? text.replaceAll('import("', 'importWith("') : text);
  renameSync(`${path}.new`, path);
}
rmSync(PARTS, { recursive: true });
// For who reads the bundle: which modules became which of its parts.
const modules = Object.entries(metafile.outputs).map(([path, { inputs }]) => [basename(path), Object.keys(inputs)]);
writeFileSync(join(OUT, 'parts.json'), JSON.stringify(Object.fromEntries(modules), null, 1));
// What the environment says to a command is not meant for this one.
execFileSync(process.execPath, [join(ROOT, 'scripts/compile.mjs')], {
  env: {},
  stdio: ['ignore', 'ignore', 'inherit'],
});

function followRules(bundler) {
  const asked = {};
  bundler.onResolve({ filter: /./ }, async ({ path, pluginData, ...from }) => {
    if (pluginData === asked || from.kind === 'entry-point' || path.startsWith('node:')) return undefined;
    const found = await bundler.resolve(path, { ...from, pluginData: asked });
    if (found.errors.length > 0) return found;
    if (OURS.test(found.path)) return { path: found.path, sideEffects: HAS_EFFECT.test(found.path) };
    if (await isOutside(path, { found, kind: from.kind })) return { path, external: true };
    return { path: found.path, sideEffects: found.sideEffects };
  });

  /** Only what is found from the bundle as from its source. */
  async function isOutside(path, { found, kind }) {
    if (/^[./]/.test(path) || BUNDLED.has(path.split('/', path.startsWith('@') ? 2 : 1).join('/'))) return false;
    const fromBundle = await bundler.resolve(path, { resolveDir: dirname(OUT), kind, pluginData: asked });
    return fromBundle.path === found.path;
  }

  bundler.onLoad({ filter: /\.js$/ }, ({ path }) => {
    if (!OURS.test(path)) return undefined;
    const text = pastIndex(onlyUsed(readFileSync(path, 'utf8')));
    if (path === ENGINE_INDEX) return { contents: text.replaceAll(PASSED_ON, '') };
    return { contents: bundler.initialOptions.splitting ? withOwnAddress(path, text) : text };
  });
}

/** What the engine's index passes on is imported from where it is: else each command would need all that the index names. */
function pastIndex(text) {
  return text.replace(/^import \{([^}]*)\} from '@hive\/engine';$/gm, (_, names) =>
    names
      .split(',')
      // A list over several lines ends with a comma.
      .filter((name) => name.trim() !== '')
      .map((name) => `import {${name}} from ${JSON.stringify(PLACES.get(name.trim().split(' ')[0]) ?? ENGINE_INDEX)};`)
      .join(' '),
  );
}

function placesOf(index) {
  return [...readFileSync(index, 'utf8').matchAll(PASSED_ON)].flatMap(([, names, place]) =>
    names.split(',').map((name) => [name.trim(), join(dirname(index), place)]),
  );
}

/** Of a namespace that is imported as such, the bundler leaves out what is not used. */
function onlyUsed(text) {
  return text.replace(/^import \{ z \} from 'zod';$/m, "import * as z from 'zod';");
}

/** A module looks for files beside itself, not beside the bundle; threads are beside the bundle. */
function withOwnAddress(path, text) {
  const isThreads = text.includes('new Worker(');
  const address = isThreads ? 'bundledAt' : `new URL(${JSON.stringify(relative(OUT, path))}, bundledAt).href`;
  return text.replaceAll('import.meta.url', address).replace("'./worker.js'", "'./worker.cjs'");
}
