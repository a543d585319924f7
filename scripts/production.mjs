// What of node_modules a running Hive needs, and the licenses of all that is passed on with it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ROOT = dirname(import.meta.dirname);
/** In the bundle of the command: what every start needs, and what shares its schemas. All else is loaded when it is needed. */
export const BUNDLED = new Set(['commander', 'fastify-type-provider-zod', 'ipaddr.js', 'picocolors', 'zod']);
const DASHBOARD = 'packages/dashboard';
const LICENSE = /^(licen[cs]e|copying|notice)/i;

/**
 * The installed packages that `hive` loads outside of its bundle, with all that they need in turn: paths such as `node_modules/pg`.
 * The dashboard is not among them: Next copies what it needs.
 */
export function loadedPackages() {
  const lock = readLock();
  const own = workspaces(lock).filter((path) => path !== DASHBOARD);
  return closure(lock, own, (name) => !BUNDLED.has(name));
}

/** All packages of others that are passed on, sorted, with the texts of their licenses: also what is inside the bundle and the dashboard. */
export function thirdParty() {
  const lock = readLock();
  return closure(lock, workspaces(lock), () => true)
    .map((path) => {
      const text = textOf(path);
      return { name: nameOf(path), version: lock[path].version, license: licenseOf(path, text), text };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function readLock() {
  return JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
}

function workspaces(lock) {
  return Object.keys(lock).filter((path) => path.startsWith('packages/'));
}

/** Of a package of the workspace, `wants` decides by name which dependencies count. */
function closure(lock, own, wants) {
  const found = new Set();
  const take = (from, name) => {
    const path = resolved(lock, from, name);
    if (path === undefined || found.has(path) || !existsSync(join(ROOT, path))) return;
    const { link, dependencies = {}, optionalDependencies = {}, os, cpu } = lock[path];
    // Ours are in the bundle; what is built for one machine is never needed.
    if (link || os !== undefined || cpu !== undefined) return;
    found.add(path);
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) take(path, next);
  };
  for (const path of own)
    for (const name of Object.keys(lock[path].dependencies ?? {})) if (wants(name)) take(path, name);
  return [...found];
}

/** Where Node finds a package, seen from another: in the nearest node_modules upwards. */
function resolved(lock, from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder === '.' ? '' : folder, 'node_modules', name);
    if (path in lock) return path;
    if (folder === '.' || folder === '') return undefined;
  }
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** As its package.json states it, else by the title of the text; null: neither says it. */
function licenseOf(path, text) {
  const { license } = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'));
  const stated = typeof license === 'string' ? license : license?.type;
  return stated ?? /^(?:the )?(\S+) license$/im.exec(text)?.[1] ?? null;
}

function textOf(path) {
  const files = readdirSync(join(ROOT, path), { withFileTypes: true }).filter((one) => one.isFile());
  return files
    .map(({ name }) => name)
    .filter((name) => LICENSE.test(basename(name)))
    .map((name) => readFileSync(join(ROOT, path, name), 'utf8').trim())
    .join('\n\n');
}
