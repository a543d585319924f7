// `npm start`: installs and builds what is out of date, then becomes `hive up --demo` (further arguments are passed on).
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import '../packages/cli/bin/follow-callers.js';
import { bootstrap, fail, ROOT } from './bootstrap.mjs';

try {
  await bootstrap();
} catch (error) {
  fail(`hive: setup failed. ${error.message}`);
}
// The same process goes on as hive, so a signal reaches it once and nothing is left behind.
const hive = join(ROOT, 'packages/cli/bin/hive.js');
process.argv = [process.execPath, hive, 'up', '--demo', ...process.argv.slice(2)];
await import(pathToFileURL(hive).href);
