/** Child processes of a benchmark: all of them end with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const children = new Set();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    for (const child of children) child.kill('SIGTERM');
    process.exit(1);
  });

/** Starts node on these arguments. Nothing of the caller's settings decides what is measured. */
export function launch(command) {
  const { HIVE_ALLOW_TARGETS: _, HIVE_TOKEN: __, DATABASE_URL: ___, REDIS_URL: ____, ...env } = process.env;
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const seen = { child, output: '', errors: '', closed: once(child, 'close') };
  child.stdout.setEncoding('utf8').on('data', (text) => (seen.output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (seen.errors += text));
  child.on('close', () => children.delete(child));
  return seen;
}

/** Starts a service, and waits until it has printed what says that it is ready. `end` ends it. */
export async function start(command, ready) {
  const seen = launch(command);
  const { child } = seen;
  while (!ready.test(seen.output))
    if (!(await Promise.race([once(child.stdout, 'data').then(() => true), seen.closed.then(() => false)])))
      throw new Error(`${command.join(' ')} ended: ${seen.errors}`);
  const end = async () => {
    child.kill('SIGTERM');
    await seen.closed;
  };
  return { output: seen.output, end };
}
