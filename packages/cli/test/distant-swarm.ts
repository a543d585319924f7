import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFaultApi } from '@hive/engine';
import { invite, startHub, startTestFleet, type Hub } from '../../fleet/test/bees.js';
import { startHiveThrough, type HiveProcess } from './hive-process.js';
import { openHosts } from './hosts.js';

const HOUR_MS = 3_600_000;
/** Sets the wall clock of one process forward, and leaves the monotonic one alone. */
const AHEAD = `
const { now } = Date;
Date.now = () => now() + ${HOUR_MS};
globalThis.Date = class extends Date { constructor(...given) { given.length === 0 ? super(now() + ${HOUR_MS}) : super(...given); } };
`;

/** A request as the target saw it. */
export interface Arrival {
  /** Of which load generator. */
  who: string;
  /** On the monotonic clock, which all processes of a machine share, ms. */
  atMs: number;
}

export interface DistantSwarm {
  hub: Hub;
  url: string;
  arrivals: Arrival[];
  /** Each way takes half as long. Answers once all have been heard so far away for a while. */
  setTrip(ms: number): Promise<void>;
  /** Nothing that one of them says or hears gets through, until the line is restored. */
  cut(name: string): Promise<void>;
  restore(name: string): Promise<void>;
  close(): Promise<void>;
}

const NAMES = ['near-1', 'far-1'] as const;

/**
 * Two processes `hive bee`, each on a host of its own, which reach their NATS server through Hive's fault proxy. The wall clock of `far-1` is an
 * hour ahead.
 */
export async function startDistantSwarm(program: string): Promise<DistantSwarm> {
  const opened: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).toReversed()) await end();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), 'hive-distant-'));
    opened.push(() => rmSync(folder, { recursive: true }));
    const hosts = openHosts(NAMES.length);
    for (const host of hosts) opened.push(() => host.close());
    const arrivals: Arrival[] = [];
    const target = createServer((request, response) => {
      arrivals.push({ who: String(request.headers['x-who']), atMs: Number(process.hrtime.bigint()) / 1e6 });
      response.end('ok');
    }).listen(0);
    await once(target, 'listening');
    opened.push(() => (target.closeAllConnections(), target.close()));
    const fleet = await startTestFleet(program);
    opened.push(() => fleet.close());
    const upstream = new URL(fleet.url).host;
    const proxies = NAMES.map((name) => ({ name, listen: '127.0.0.1:0', upstream }));
    const lines = await startFaultApi({ port: 0, populate: proxies });
    opened.push(() => lines.close());
    const ask = async (method: string, path: string, body?: object): Promise<{ listen: string }> => {
      const answer = await fetch(`${lines.url}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return (method === 'DELETE' ? {} : await answer.json()) as { listen: string };
    };
    const hub = await startHub(fleet);
    opened.push(() => hub.close());
    writeFileSync(join(folder, 'ahead.cjs'), AHEAD);
    const { port } = target.address() as AddressInfo;
    for (const [at, name] of NAMES.entries()) {
      const { listen } = await ask('GET', `/proxies/${name}`);
      // The fault proxy itself listens on loopback alone.
      const line = await startLine(hosts[at]!.gateway, listen);
      opened.push(() => line.close());
      const { join: word } = await invite({ ...fleet, url: line.url }, { name, region: null });
      const bee = startHiveThrough(hosts[at]!.through, ['bee', '--data', join(folder, name)], {
        HIVE_JOIN: word,
        HIVE_SECRET_WHO: name,
        HIVE_ALLOW_TARGETS: '10.203.0.0/16',
        ...(at === 1 ? { NODE_OPTIONS: `--require ${join(folder, 'ahead.cjs')}` } : {}),
      });
      opened.push(() => ended(bee));
      await bee.prints('stdout', /is ready/);
    }
    return {
      hub,
      arrivals,
      url: `http://${hosts[0]!.gateway}:${port}`,
      async setTrip(ms) {
        for (const name of NAMES) {
          for (const stream of ['upstream', 'downstream']) {
            const toxic = { name: stream, type: 'latency', stream, attributes: { latency: ms / 2 } };
            await ask('DELETE', `/proxies/${name}/toxics/${stream}`).catch(() => undefined);
            if (ms > 0) await ask('POST', `/proxies/${name}/toxics`, toxic);
          }
        }
        await heardFrom(hub, ms);
      },
      async cut(name) {
        for (const stream of ['upstream', 'downstream']) {
          const toxic = { name: `cut-${stream}`, type: 'timeout', stream, attributes: { timeout: 0 } };
          await ask('POST', `/proxies/${name}/toxics`, toxic);
        }
      },
      async restore(name) {
        // As a line that comes back: what was on its way is lost, and they connect anew.
        await ask('POST', `/proxies/${name}`, { enabled: false });
        for (const stream of ['upstream', 'downstream']) await ask('DELETE', `/proxies/${name}/toxics/cut-${stream}`);
        await ask('POST', `/proxies/${name}`, { enabled: true });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Passes on what comes to a free port of `host`. */
async function startLine(host: string, to: string): Promise<{ url: string; close(): void }> {
  const [toHost, toPort] = to.split(':');
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    const onward = connect({ host: toHost!, port: Number(toPort), noDelay: true });
    socket.setNoDelay(true).pipe(onward).pipe(socket);
    for (const one of [socket, onward]) {
      sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(one);
          socket.destroy();
          onward.destroy();
        });
    }
  }).listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `nats://${host}:${port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Round trips of the last 20 s count: until only those so long ago are left. */
async function heardFrom(hub: Hub, tripMs: number): Promise<void> {
  for (let looks = 0; looks < 25; looks += 1) {
    await hub.look();
    await new Promise((resolve) => setTimeout(resolve, Math.max(50, 1.2 * tripMs)));
  }
}

async function ended({ child, ended: gone }: HiveProcess): Promise<void> {
  child.kill('SIGKILL');
  await gone;
}
