// `npm run package`: makes one file that `npm install -g` takes as it is, on any machine with Node: everything built, nothing to download.
// `--out DIR` says where it goes; by default into dist.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { bootstrap, fail, ROOT } from './bootstrap.mjs';
import { bill, licenseTexts } from './licenses.mjs';
import { loadedPackages } from './production.mjs';

const MIB = 1024 ** 2;
/** All that Hive runs is below it, its packages too: npm then sees a package that needs no other. */
const LIB = 'lib';
const STANDALONE = 'packages/dashboard/.next/standalone';
/** What of our packages runs or is read, beside the bundle. */
const OWN = [
  'packages/cli/bin/hive.js',
  'packages/cli/bin/bundle.js',
  'packages/cli/bin/follow-callers.js',
  'packages/cli/dist/bundle',
  'packages/report/style',
  'packages/server/drizzle',
  'packages/server/package.json',
  STANDALONE,
];
const BESIDE = ['README.md', 'LICENSE', 'CHANGELOG.md', 'deploy/hive.service'];
/** Maps, and what would resize pictures for the dashboard. */
const UNUSED_BY_OURS = /\.map$|\/node_modules\/(@img|sharp|semver|detect-libc)$/;
/** Of the packages of others: no types, no maps, no texts but licenses, no tests. */
const UNUSED_FILE = /\.(map|d\.[cm]?ts|ts|flow|markdown)$|^(?!.*(licen[cs]e|notice|copying)).*\.md$/i;
const UNUSED_FOLDER = new Set(['test', 'tests', 'docs', 'example', 'examples', 'benchmark', 'benchmarks', '.github']);

const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'dist') } } });
const scratch = mkdtempSync(join(tmpdir(), 'hive-package-'));
try {
  await bootstrap();
  const folder = join(scratch, 'package');
  const manifest = fill(folder);
  mkdirSync(values.out, { recursive: true });
  const file = join(values.out, `${manifest.name}-${manifest.version}.tgz`);
  await pack(scratch, file);
  const sizes = `${inMib(statSync(file).size)} MiB, installed ${inMib(sizeOf(folder))} MiB`;
  process.stdout.write(`${file} (${sizes})\n`);
} catch (error) {
  fail(`hive: the package could not be made. ${error.message}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Copies what belongs into the package, and returns its package.json. */
function fill(folder) {
  for (const path of OWN) copy(path, join(folder, LIB, path), (from) => !UNUSED_BY_OURS.test(from));
  for (const path of loadedPackages())
    copy(path, join(folder, LIB, path), (from) => isUsed(relative(join(ROOT, path), from)));
  for (const path of BESIDE) copy(path, join(folder, basename(path)));
  const { name, version, description, license, type, engines } = JSON.parse(read('package.json'));
  const bin = { hive: `${LIB}/packages/cli/bin/hive.js` };
  const manifest = { name, version, description, license, type, engines, bin };
  write(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  write(join(folder, 'THIRD-PARTY-LICENSES.txt'), licenseTexts());
  write(join(folder, 'sbom.cdx.json'), bill());
  return manifest;
}

/** `path`: within its package. */
function isUsed(path) {
  if (path === '') return true;
  const [top] = path.split('/');
  // What a package needs for itself is taken on its own.
  return top !== 'node_modules' && !UNUSED_FOLDER.has(top) && !UNUSED_FILE.test(basename(path));
}

/** Links are followed: npm leaves them out when it unpacks. */
function copy(path, to, filter = () => true) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(ROOT, path), to, { recursive: true, dereference: true, filter });
}

async function pack(from, file) {
  const tar = spawn('tar', ['-cf', '-', '-C', from, '--', 'package'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(tar, 'close');
  await pipeline(tar.stdout, createGzip({ level: 9 }), createWriteStream(file));
  const [code] = await ended;
  if (code !== 0) throw new Error(`tar ended with ${code}`);
}

function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function inMib(bytes) {
  return (bytes / MIB).toFixed(1);
}

function read(path) {
  return readFileSync(join(ROOT, path), 'utf8');
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
