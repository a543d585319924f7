import { existsSync, readFileSync, statSync } from 'node:fs';
import * as modules from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** The packages that tsc builds, each before those that import it. */
export const PACKAGES = ['contract', 'engine', 'report', 'fleet', 'server', 'cli'];
/** What `hive` starts: one script, made of the built packages by scripts/bundle.mjs. */
const BUNDLE = fileURLToPath(new URL('../dist/bundle/hive.cjs', import.meta.url));
/** Its first line: a comment that is another for each bundle. */
const MARK = /^\/\/ (\w+)\n/;

/** Whether the bundle is missing, or a package was built since: then the command would run yesterday's code. */
export function isStale() {
  const bundledAtMs = changedAtMs(BUNDLE);
  // What tsc keeps beside a package that it built; an image has none.
  const builtAtMs = PACKAGES.map((name) =>
    changedAtMs(fileURLToPath(new URL(`../../${name}/tsconfig.tsbuildinfo`, import.meta.url))),
  );
  return bundledAtMs === 0 || builtAtMs.some((atMs) => atMs > bundledAtMs);
}

/**
 * The exports of the bundle. What V8 compiled of it for this version of Node is used where the build kept it; for other versions Node's own cache
 * does that, where it has one.
 */
export function loadBundle() {
  const text = readFileSync(BUNDLE, 'latin1');
  if (existsSync(placeOfCompiled(text)) || modules.enableCompileCache === undefined) return runBundle(text);
  modules.enableCompileCache();
  return modules.createRequire(BUNDLE)(BUNDLE);
}

/**
 * Runs the bundle as Node runs a CommonJS module, and spares compiling what was compiled before.
 * @returns its exports; and for what has been compiled by now: `compiled` makes it and `keptAt` is the path where this function looks for it
 */
export function runBundle(text = readFileSync(BUNDLE, 'latin1')) {
  const keptAt = placeOfCompiled(text);
  const script = new Script(`(function (exports, require, module, __filename, importOutside) { ${text}\n})`, {
    filename: BUNDLE,
    cachedData: existsSync(keptAt) ? readFileSync(keptAt) : undefined,
  });
  const own = { exports: {} };
  script.runInThisContext()(own.exports, modules.createRequire(BUNDLE), own, BUNDLE, importOutside);
  return { ...own.exports, compiled: () => script.createCachedData(), keptAt };
}

/** V8 takes what it compiled of any other text of the same length; of another version, nothing. */
function placeOfCompiled(text) {
  return `${BUNDLE}.${MARK.exec(text)?.[1]}.${process.version}.compiled`;
}

/** What V8 keeps compiled has lost how to import. */
function importOutside(name) {
  return import(name);
}

/** 0: it does not exist. */
function changedAtMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
