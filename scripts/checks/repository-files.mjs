import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../bootstrap.mjs';

const NOT_OURS = new Set(['node_modules', 'dist', '.next', '.git', '.hive', 'coverage']);

/** Every file of the repository that people write, as paths from its root. */
export function repositoryFiles(folder = ROOT) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name) && !entry.name.endsWith('.tsbuildinfo'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return repositoryFiles(path);
      return entry.isFile() ? [relative(ROOT, path)] : [];
    });
}
