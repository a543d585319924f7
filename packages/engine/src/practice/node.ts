import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '../random.js';
import type { Cache } from './cache.js';
import { createCounts } from './counts.js';
import { createDependencyClient, type DependencyClient } from './dependency-client.js';
import type { Leak } from './leak.js';
import { cannotListen } from './listening.js';
import { createInspection, type Capacity } from './inspection.js';
import { createLink } from './pacing.js';
import { createRoutes } from './routes.js';
import { serviceTimes } from './service-times.js';
import type { PracticeSettings } from './settings.js';
import { createStation } from './station.js';

export interface PracticeNode {
  id: string;
  url: string;
  close(): Promise<void>;
}

export interface NodeOptions {
  /** Counted from 0. */
  index: number;
  settings: PracticeSettings;
  cache: Cache;
  leak: Leak;
  /** What is left of the capacity of all nodes. */
  capacity: Capacity;
  /** Where the dependency is dialled. */
  dependency: string | null;
}

/** Further streams of random numbers start here, so that they differ from those of every seed a person gives. */
const HEAVY_STREAM = 2 ** 32;

/**
 * Starts one node. What takes time holds a slot for its service time, and is then answered. One timer serves all slots, so that
 * the target leaves the machine to what measures it.
 * @throws HiveError `port_taken`.
 */
export async function startNode(options: NodeOptions): Promise<PracticeNode> {
  const { index, settings, cache, leak } = options;
  const { host, workers, queueLimit } = settings;
  const id = `node-${index + 1}`;
  const port = settings.port === 0 ? 0 : settings.port + index;
  const station = createStation(() => performance.now());
  const slots = station.lane({ workers, queueLimit });
  const heavySlots = settings.heavySlots > 0 ? station.lane({ workers: settings.heavySlots, queueLimit }) : slots;
  const unbounded = Number.POSITIVE_INFINITY;
  const dependency = connect(options);

  const server = createServer(
    createRoutes({
      id,
      settings,
      counts: createCounts(),
      slots,
      heavySlots,
      hits: station.lane({ workers: unbounded, queueLimit: unbounded }),
      serviceMs: drawing(options, settings.serviceMs, 0),
      heavyMs: drawing(options, settings.heavyServiceMs, HEAVY_STREAM),
      cache,
      leak,
      pace: { ...settings, link: createLink(settings.bandwidthBytesPerSecond) },
      dependency,
      inspect: createInspection(settings, options.capacity),
    }),
  );
  // A load generator's connections live as long as it wants; a bound here would show up as its errors.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;

  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, { host, port })));
      server.listen({ host, port, backlog: 4_096 }, resolve);
    });
  } catch (error) {
    dependency?.close();
    throw error;
  }
  const { port: taken } = server.address() as AddressInfo;

  return {
    id,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async close() {
      station.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      dependency?.close();
      await closed;
    },
  };
}

/** Service times of one class at one node. */
function drawing({ index, settings, capacity }: NodeOptions, meanMs: number, stream: number): () => number {
  const random = createRandom(settings.seed + index + stream);
  const slow = settings.slowNode === index + 1 ? settings.slowFactor : 1;
  const draw = serviceTimes(settings.distribution, meanMs * slow, () => random.next());
  return () => draw() / capacity.share;
}

function connect({ dependency, settings }: NodeOptions): DependencyClient | null {
  if (dependency === null) return null;
  const colon = dependency.lastIndexOf(':');
  return createDependencyClient({
    host: dependency.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(dependency.slice(colon + 1)),
    connections: settings.dependencyConnections,
    timeoutMs: settings.dependencyTimeoutMs,
    reuse: settings.dependencyReuse,
  });
}
