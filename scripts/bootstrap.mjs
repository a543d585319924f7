// Makes a clone ready to run: installs from the lock file and builds what changed. Plain Node, no dependencies.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isStale, PACKAGES } from '../packages/cli/bin/bundle.js';
import { endTogether } from '../packages/cli/bin/end-together.js';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMPS = join(ROOT, 'node_modules', '.hive');
const IGNORED = new Set(['node_modules', 'dist', '.next', 'test', 'coverage']);
/** The dashboard as its own server, made by `next build`. */
const STANDALONE = join(ROOT, 'packages/dashboard/.next/standalone/packages/dashboard');
const PROGRESS_EVERY_MS = 10_000;

/** Ends the process with a clear message when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Hive needs Node 20.19 or newer; this is ${process.versions.node} (${process.execPath}).`);
}

/** Installs and builds whatever is out of date. Safe to call from several processes at once. */
export async function bootstrap({ dashboard = true, force = false } = {}) {
  requireNode();
  if (!isInstalled()) await alone('install', async () => isInstalled() || (await install()));
  if (force || !isBuilt(dashboard)) await alone('build', () => build({ dashboard, force }));
}

/** Ends the process with one line for people and exit code 106: it could not start. */
export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(106);
}

/**
 * Runs a program of this repository and waits for it; its output is shown only when it fails.
 * @returns {Promise<void>} rejects with the end of the output
 */
export async function step(label, [command, ...args], env = {}) {
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  process.stderr.write(`hive: ${label} …\n`);
  const ticker = setInterval(() => process.stderr.write(`hive: ${label} … ${seconds()} s\n`), PROGRESS_EVERY_MS);
  try {
    await capture([command, ...args], env);
  } finally {
    clearInterval(ticker);
  }
  process.stderr.write(`hive: ${label}: done in ${seconds()} s\n`);
}

function capture([command, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endTogether(child);
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new Error(`${command} could not start: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}\n${output}`));
    });
  });
}

/** True when node_modules holds the very versions of the lock file. */
function isInstalled() {
  const fingerprint = installFingerprint();
  if (readStamp('install') === fingerprint) return true;
  if (!matchesLock()) return false;
  writeStamp('install', fingerprint);
  return true;
}

function installFingerprint() {
  const manifests = readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name, 'package.json'));
  return hashFiles(['package-lock.json', 'package.json', ...manifests].filter((path) => existsSync(join(ROOT, path))));
}

/** Compares the lock file with the record npm keeps of what it installed; it knows installs made by hand. */
function matchesLock() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    return path in installed ? installed[path].version === entry.version : entry.optional === true;
  });
}

async function install() {
  await step('installing the dependencies (npm ci)', ['npm', 'ci', '--no-audit', '--no-fund']);
  writeStamp('install', installFingerprint());
}

const typescriptFiles = () => [
  'tsconfig.json',
  'tsconfig.base.json',
  ...PACKAGES.flatMap((name) => sources(`packages/${name}`)),
];
/** The bundle is of the built packages. */
const bundleFiles = () => [
  'scripts/bundle.mjs',
  'scripts/compile.mjs',
  'scripts/production.mjs',
  'package-lock.json',
  ...typescriptFiles(),
];
const dashboardFiles = () => [...sources('packages/contract'), ...sources('packages/dashboard'), 'package-lock.json'];

const typescriptIsFresh = (fingerprint) => readStamp('typescript') === fingerprint && missingOutputs().length === 0;
const bundleIsFresh = (fingerprint) => readStamp('bundle') === fingerprint && !isStale();
const dashboardIsFresh = (fingerprint) =>
  readStamp('dashboard') === fingerprint && existsSync(join(STANDALONE, 'server.js'));

function isBuilt(dashboard) {
  return (
    typescriptIsFresh(hashFiles(typescriptFiles())) &&
    bundleIsFresh(hashFiles(bundleFiles())) &&
    (!dashboard || dashboardIsFresh(hashFiles(dashboardFiles())))
  );
}

/** Every source must have its output: tsc trusts its own record and would not notice a deleted file. */
function missingOutputs() {
  return PACKAGES.flatMap((name) =>
    sources(`packages/${name}/src`)
      .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
      .map((path) => path.replace(`packages/${name}/src`, `packages/${name}/dist`).replace(/\.tsx?$/, '.js'))
      .filter((path) => !existsSync(join(ROOT, path))),
  );
}

async function build({ dashboard, force }) {
  const typescript = hashFiles(typescriptFiles());
  if (force || !typescriptIsFresh(typescript)) {
    const forced = force || missingOutputs().length > 0 ? ['--force'] : [];
    await step('building the packages (tsc)', [process.execPath, bin('typescript-native/bin/tsc'), '-b', ...forced]);
    writeStamp('typescript', typescript);
  }
  const bundle = hashFiles(bundleFiles());
  if (force || !bundleIsFresh(bundle)) {
    await step('bundling the command hive (esbuild)', [process.execPath, join(ROOT, 'scripts/bundle.mjs')]);
    writeStamp('bundle', bundle);
  }
  if (!dashboard) return;
  const page = hashFiles(dashboardFiles());
  if (!force && dashboardIsFresh(page)) return;
  await step(
    'building the dashboard (next build)',
    [process.execPath, bin('next/dist/bin/next'), 'build', 'packages/dashboard'],
    { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  );
  // Next leaves these to whoever serves static files; here that is the same server.
  cpSync(join(ROOT, 'packages/dashboard/.next/static'), join(STANDALONE, '.next/static'), { recursive: true });
  writeStamp('dashboard', page);
}

/** The script of an installed package, run with this very Node. */
export const bin = (path) => join(ROOT, 'node_modules', path);

function sources(folder) {
  const absolute = join(ROOT, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter(
      (entry) => !IGNORED.has(entry.name) && entry.name !== 'next-env.d.ts' && !entry.name.endsWith('.tsbuildinfo'),
    )
    .flatMap((entry) => {
      const path = join(absolute, entry.name);
      return entry.isDirectory() ? sources(relative(ROOT, path)) : [relative(ROOT, path)];
    });
}

function hashFiles(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths.toSorted((a, b) => (a < b ? -1 : 1)))
    hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

function readStamp(name) {
  const path = join(STAMPS, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function writeStamp(name, value) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, name), value);
}

/** Runs `work` while no other process of this clone does the same; a lock left by a dead process is taken over. */
async function alone(name, work) {
  const lock = join(ROOT, `.hive-${name}.lock`);
  let reported = false;
  while (!take(lock)) {
    if (!reported) process.stderr.write(`hive: waiting for another ${name} in this directory …\n`);
    reported = true;
    await sleep(200);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // A link appears whole or not at all, so the lock never lacks its owner.
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    releaseIfDead(lock);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function releaseIfDead(lock) {
  try {
    if (!isAlive(Number(readFileSync(lock, 'utf8')))) rmSync(lock, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
