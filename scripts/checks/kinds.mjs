// A kind is whole in its folder: its name occurs as a value only in the contract, in packages/engine/src/kinds and in tests. Whoever needs
// something of a kind elsewhere adds a field to its definition.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../bootstrap.mjs';
import { repositoryFiles } from './repository-files.mjs';

const names = readFileSync(join(ROOT, 'packages/contract/src/kind.ts'), 'utf8').matchAll(/^ {2}([a-z_]+): '/gm);
const NAMES = [...names].map(([, name]) => name);
if (NAMES.length === 0) throw new Error('packages/contract/src/kind.ts names no kind');
/** As a string, as a key, or read from an object. In a longer text a name is a word for people. */
const NAME = `(?:${NAMES.join('|')})`;
const VALUE = new RegExp(`(['"\`])${NAME}\\1|(?:^|[{,(])\\s*${NAME}\\s*[:,}]|\\.${NAME}\\b`);
const ALLOWED = /^packages\/(contract\/src\/(kind|labels)\.ts$|engine\/src\/kinds\/)/;

let found = 0;
for (const path of repositoryFiles().filter((one) => /^packages\/[^/]+\/src\/.+\.tsx?$/.test(one))) {
  if (ALLOWED.test(path)) continue;
  for (const [index, line] of readFileSync(join(ROOT, path), 'utf8').split('\n').entries()) {
    if (!VALUE.test(line) || /^\s*(\*|\/\*|\/\/)/.test(line)) continue;
    found += 1;
    process.stdout.write(`${path}:${index + 1}: knows a kind by name: ${line.trim()}\n`);
  }
}
process.exitCode = found > 0 ? 1 : 0;
