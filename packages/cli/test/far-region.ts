import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invitation } from '@hive/contract';
import { startFaultApi, startPractice } from '@hive/engine';
import { startTestFleet } from '../../fleet/test/bees.js';
import { startTestServer, type TestServer } from '../../server/test/test-server.js';
import { startHive, type HiveProcess } from './hive-process.js';

/** How far away the far region is. */
export const FAR_MS = 150;
/** The far region's own address of the service: there Hive's fault proxy listens, on the port of the service itself. */
const FAR_HOST = '127.0.0.2';

/** Makes `localhost` another address in one process, as a name has another address in another region. */
const FAR_NAMES = `
const dns = require('node:dns/promises');
const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(host === 'localhost' ? '${FAR_HOST}' : host, ...rest);
require('node:module').syncBuiltinESMExports();
`;

export interface FarRegion {
  server: TestServer;
  close(): Promise<void>;
}

/**
 * A Hive that leads two processes `hive bee`, in the regions near and far, over a NATS server of their own, and knows the target `shop`: a service
 * with one worker that far sees through Hive's fault proxy.
 */
export async function startFarRegion(
  program: string,
  { serviceMs, objective }: { serviceMs: number; objective: string },
): Promise<FarRegion> {
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).toReversed()) await end();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), 'hive-far-'));
    opened.push(async () => rmSync(folder, { recursive: true }));
    const practice = await startPractice({ workers: 1, serviceMs });
    opened.push(() => practice.close());
    const { port } = new URL(practice.url);
    opened.push(await startLatency({ listen: `${FAR_HOST}:${port}`, upstream: `127.0.0.1:${port}` }));
    const fleet = await startTestFleet(program);
    opened.push(() => fleet.close());
    const server = await startTestServer({ natsUrl: fleet.url, fleetKeys: fleet.directory });
    opened.push(() => server.end());
    writeFileSync(join(folder, 'far-names.cjs'), FAR_NAMES);
    for (const region of ['near', 'far']) {
      const { body } = await server.ask<Invitation>('POST', '/api/fleet/invite', { name: `bee-${region}`, region });
      const elsewhere = region === 'far' ? { NODE_OPTIONS: `--require ${join(folder, 'far-names.cjs')}` } : {};
      const bee = startHive(['bee', '--data', join(folder, region)], { HIVE_JOIN: body.join, ...elsewhere });
      opened.push(() => ended(bee));
      await bee.prints('stdout', /is ready/);
    }
    const objectives = [objective, 'rate<0.01'];
    const url = `http://localhost:${port}/`;
    await server.ask('POST', '/api/targets', { id: 'shop', url, objectives, regions: { near: 50, far: 50 } });
    return { server, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startLatency(proxy: { listen: string; upstream: string }): Promise<() => Promise<void>> {
  const api = await startFaultApi({ port: 0, populate: [{ name: 'distance', ...proxy }] });
  const toxic = { type: 'latency', attributes: { latency: FAR_MS } };
  await fetch(`${api.url}/proxies/distance/toxics`, { method: 'POST', body: JSON.stringify(toxic) });
  return () => api.close();
}

async function ended({ child, ended: gone }: HiveProcess): Promise<void> {
  child.kill('SIGKILL');
  await gone;
}
