#!/usr/bin/env node
// The command `hive`. npm links only files that exist at install, so this one is committed; what it starts is built when it is missing.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endTogether } from './end-together.js';
import './follow-callers.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const needed = ['contract/dist/index.js', 'engine/dist/index.js', 'server/dist/index.js', 'cli/dist/main.js'];

if (needed.some((path) => !existsSync(join(root, 'packages', path)))) {
  // Standard output belongs to the command's own result.
  const build = [join(root, 'scripts/build.mjs'), '--no-dashboard'];
  const building = spawn(process.execPath, build, { stdio: ['ignore', 2, 2] });
  endTogether(building);
  const code = await new Promise((resolve) => building.once('close', resolve).once('error', () => resolve(null)));
  if (code !== 0) process.exit(code ?? 106);
}

const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
