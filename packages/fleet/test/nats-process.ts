import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fleet } from '../src/joining/invite.js';
import { createFileRoll } from '../src/joining/roll.js';
import { initFleet, readFleetKeys } from '../src/keys/fleet-keys.js';

export interface TestFleet extends Fleet {
  directory: string;
  close(): Promise<void>;
}

/** The keys of a fleet in a folder of its own, and its NATS server on a free port. */
export async function startTestFleet(program: string): Promise<TestFleet> {
  const directory = mkdtempSync(join(tmpdir(), 'hive-fleet-'));
  const port = await freePort();
  const config = initFleet(directory, { listen: `127.0.0.1:${port}` });
  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Server is ready')) resolve();
    });
    child.once('exit', () => reject(new Error(said)));
  });
  return {
    directory,
    keys: readFleetKeys(directory),
    roll: createFileRoll(directory),
    url: `nats://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGKILL');
      await exited;
      rmSync(directory, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
