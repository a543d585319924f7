import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a directory that only this user can read, and those that lead to it. One that is there stays as it is.
 *
 * Node's own `recursive` never returns where a parent refuses with ENOENT, as /proc does.
 * @throws the system's error (EACCES, ENOENT, ENOTDIR, EEXIST for what is no directory …).
 */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const one of missing) make(one);
  if (!statSync(path).isDirectory()) mkdirSync(path);
}

/** Another process may be quicker. */
function make(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
