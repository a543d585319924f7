import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endTogether } from './end-together.js';

const BUILD = fileURLToPath(new URL('../../../scripts/build.mjs', import.meta.url));

/** Builds what the command starts and returns the exit code of that; null: it could not start. */
export async function build() {
  // Standard output belongs to the command's own result.
  const building = spawn(process.execPath, [BUILD, '--no-dashboard'], { stdio: ['ignore', 2, 2] });
  endTogether(building);
  return new Promise((resolve) => building.once('close', resolve).once('error', () => resolve(null)));
}
