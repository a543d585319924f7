#!/usr/bin/env node
// The command `hive`. npm links only files that exist at install, so this one is committed; what it starts is built when it is missing.
import { isStale, loadBundle } from './bundle.js';
import './follow-callers.js';

if (isStale()) {
  const { build } = await import('./build.js');
  const code = await build();
  if (code !== 0) process.exit(code ?? 106);
}

process.exitCode = await loadBundle().main(process.argv.slice(2));
endSoon();

/** What still hangs, such as a connection without an answer, does not keep a command that is done; what is not yet written does. */
function endSoon() {
  const ending = setInterval(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
  }, 300);
  ending.unref();
}
