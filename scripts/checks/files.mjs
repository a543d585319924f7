// Holds rules that no linter knows: no source over 400 lines, no room of engine or server over 20 files, and the environment is read in
// config.ts alone.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../bootstrap.mjs';
import { repositoryFiles } from './repository-files.mjs';

const MOST_LINES = 400;
/** Beyond this a folder is drawn again before the next file comes. */
const MOST_FILES = 20;
const MOST_FILES_OF = { 'packages/engine/src/training': 12 };
const READS_ENVIRONMENT = /\bprocess\.env\b|\bprocess\[['"]env|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'node:process'/;
const CODE = /\.(ts|tsx|js|jsx|mjs|cjs|css|sh)$/;

const problems = repositoryFiles()
  .filter((path) => CODE.test(path) && !path.includes('/migrations/'))
  .flatMap((path) => problemsOf(path, readFileSync(join(ROOT, path), 'utf8')));

function problemsOf(path, text) {
  const lines = text.split('\n').length - 1;
  const found = [];
  if (lines > MOST_LINES) found.push(`${path}: ${lines} lines, at most ${MOST_LINES}: split it`);
  const isPackageSource = /^packages\/[^/]+\/src\//.test(path);
  if (isPackageSource && basename(path) !== 'config.ts' && READS_ENVIRONMENT.test(text)) {
    found.push(`${path}: reads the environment; only config.ts does`);
  }
  return found;
}

const configs = repositoryFiles().filter((path) => /^packages\/[^/]+\/src\/(.+\/)?config\.ts$/.test(path));
const packagesWithConfig = configs.map((path) => path.split('/')[1]);
for (const name of new Set(packagesWithConfig)) {
  const here = configs.filter((path) => path.split('/')[1] === name);
  if (here.length > 1) problems.push(`${here.join(', ')}: one config.ts for each process`);
}

const folders = repositoryFiles()
  .filter((path) => /^packages\/(engine|server)\/src\//.test(path))
  .map(dirname);
for (const folder of new Set(folders)) {
  const files = folders.filter((one) => one === folder).length;
  const most = MOST_FILES_OF[folder] ?? MOST_FILES;
  if (files > most) problems.push(`${folder}: ${files} files, at most ${most}: make rooms of it`);
}

for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
