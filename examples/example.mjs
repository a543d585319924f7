// What every example needs: free ports, a scratch folder with the filled-in configuration, processes, and an end that leaves nothing behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 15_000;
/** Servers often stand where only root looks. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/**
 * Starts an example, says how to run Hive against it, and ends it at Ctrl-C or SIGTERM. `folder` holds its templates, a `hive.yaml` among them.
 * `start(stage)` brings up what is tested and returns `{ kinds, says }`: what to train, and lines about what is known of the limits.
 */
export async function runExample(folder, start) {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => asked.abort());
  const crashed = (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
    asked.abort();
  };
  process.on('uncaughtException', crashed).on('unhandledRejection', crashed);
  const stage = await createStage(folder, asked.signal);
  try {
    const { kinds, says } = await start(stage);
    for (const line of says) process.stdout.write(`${line}\n`);
    process.stdout.write(
      `Try it with:\n  npx hive train --kinds ${kinds.join(',')} ${join(stage.folder, 'hive.yaml')}\n`,
    );
    process.stdout.write('Ctrl-C ends it.\n');
    if (!asked.signal.aborted) await once(asked.signal, 'abort');
  } catch (error) {
    if (!asked.signal.aborted) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  } finally {
    await stage.end();
  }
  // What did not start as it should may have left something open.
  process.exit();
}

async function createStage(templates, signal) {
  const folder = await mkdtemp(join(tmpdir(), 'hive-example-'));
  const ends = [];
  return {
    /** Scratch folder, gone at the end. */
    folder,
    /** Calls `end` when the example ends, the last given first. */
    atEnd: (end) => ends.push(end),
    /** Writes a template of the example into the scratch folder, every `{{name}}` replaced. Returns where it is. */
    async fill(template, values) {
      const text = await readFile(join(templates, template), 'utf8');
      const path = join(folder, template);
      const filled = text.replaceAll(
        /\{\{(\w+)\}\}/g,
        (_, name) => values[name] ?? fail(`${template}: nothing stands for ${name}`),
      );
      await writeFile(path, filled);
      return path;
    },
    /** Starts a process and waits until its ports answer. What it prints is shown only when it ends too soon. */
    async run(command, args, ports) {
      const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
      const ended = once(child, 'exit');
      ends.push(async () => {
        child.kill('SIGTERM');
        await ended;
      });
      const isOver = () => child.exitCode !== null || child.signalCode !== null || signal.aborted;
      for (const port of ports)
        await answers(port, isOver).catch((error) => fail(`${command}: ${error.message}\n${output}`));
    },
    async end() {
      for (const end of ends.toReversed()) await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port, isOver) {
  for (const from = Date.now(); Date.now() - from < READY_WITHIN_MS && !isOver(); await sleep(25)) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
  }
  fail(`nothing answers on port ${port}`);
}

/** So many ports of this machine that nobody uses now. */
export async function freePorts(count) {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => once(probe, 'listening')));
  const ports = probes.map((probe) => probe.address().port);
  await Promise.all(probes.map((probe) => once(probe.close(), 'close')));
  return ports;
}

/** Path of an installed program. @throws when it is not there, with what to install. */
export function program(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS];
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  return found ?? fail(`${name} is not installed; get it with apt-get install ${name}`);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fail(message) {
  throw new Error(message);
}
