import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, createServer, type Server, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveAllowed } from '../../src/safety/addresses.js';
import { AUTHORITY, ELSEWHERE, LOCAL } from './authority.js';
import { order } from './order.js';

const script = fileURLToPath(new URL('./run-order.mjs', import.meta.url));
let folder: string;
let authority: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-tls-'));
  authority = join(folder, 'authority.pem');
  await writeFile(authority, AUTHORITY);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Outcome {
  good: number;
  failed: number;
  tls: number;
  phases: number;
  /** Names that clients asked for; false: a client that asked for none. */
  names: Set<string | false>;
}

/** Serves TLS with one certificate for those who ask for localhost, and another for all others, and puts four requests on it. */
async function run(options: {
  host: string;
  named?: typeof LOCAL;
  others?: typeof LOCAL;
  trusted?: boolean;
}): Promise<Outcome> {
  const { host, named = LOCAL, others = LOCAL, trusted = true } = options;
  const names = new Set<string | false>();
  const { address } = await resolveAllowed(host.replace(/^\[(.*)\]$/, '$1'), 1, []);
  const server: Server = createServer(
    {
      ...others,
      SNICallback: (name, done) => done(null, createSecureContext(name === 'localhost' ? named : others)),
    },
    (socket: TLSSocket) => {
      names.add(socket.servername ?? false);
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    },
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const what = order(`https://${host}:${port}`, { timeoutMs: 5_000, graceMs: 5_000 });
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(what)], {
      env: trusted ? { ...env, NODE_EXTRA_CA_CERTS: authority } : env,
      timeout: 60_000,
    });
    return { ...(JSON.parse(stdout) as Omit<Outcome, 'names'>), names };
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('TLS', () => {
  it('asks for the target’s name, and trusts a certificate that verifies', async () => {
    const { names, phases, ...counts } = await run({ host: 'localhost', others: ELSEWHERE });
    expect(counts).toEqual({ good: 4, failed: 0, tls: 0 });
    expect(phases).toBeGreaterThan(0);
    expect([...names]).toEqual(['localhost']);
  });

  it('asks for no name where the target is an address, and verifies the address', async () => {
    expect(await run({ host: '127.0.0.1', named: ELSEWHERE })).toMatchObject({ good: 4, names: new Set([false]) });
    expect(await run({ host: '127.0.0.1', others: ELSEWHERE })).toMatchObject({ good: 0, failed: 4, tls: 4 });
  });

  it('refuses a certificate for another name', async () => {
    expect(await run({ host: 'localhost', named: ELSEWHERE })).toMatchObject({ good: 0, failed: 4, tls: 4 });
  });

  it('refuses a certificate of an authority that nobody trusts', async () => {
    expect(await run({ host: 'localhost', trusted: false })).toMatchObject({ good: 0, failed: 4, tls: 4 });
  });
});
