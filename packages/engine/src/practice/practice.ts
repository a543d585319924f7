import { createCache } from './cache.js';
import { DEMO_SETTINGS } from './demo-target.js';
import { startDependency } from './dependency-server.js';
import { collectAtRest } from './collect-at-rest.js';
import { createLeak } from './leak.js';
import { startNode, type PracticeNode } from './node.js';
import { practiceSettings, type PracticeSettings } from './settings.js';

export interface Practice {
  /** The first node. */
  url: string;
  nodes: { url: string; id: string }[];
  /** The process that serves. */
  pid: number;
  /** `host:port` where the dependency really is, or null without one. */
  dependency: string | null;
  /** HTTP API of the fault proxy before the dependency, or null without one. */
  faultProxy: string | null;
  settings: PracticeSettings;
  /** Ends every node and its connections, and the dependency that was started. */
  close(): Promise<void>;
}

export interface PracticeOptions {
  /** Begin with the settings of `hive up --demo` instead of the defaults. */
  demo?: boolean;
  /** Puts a fault proxy in front of the dependency: is told where that is. */
  between?: (dependency: string) => Promise<FaultProxyPlace>;
}

export interface FaultProxyPlace {
  /** What the target dials instead, `host:port`. */
  address: string;
  /** HTTP API of the fault proxy. */
  api: string;
}

/**
 * Starts the practice target: a real HTTP service whose limits are known by construction.
 * @throws HiveError `validation` naming the setting that is wrong, `port_taken`, and what `between` throws.
 */
export async function startPractice(
  given: Partial<PracticeSettings> = {},
  { demo = false, between }: PracticeOptions = {},
): Promise<Practice> {
  const settings = practiceSettings(demo ? { ...DEMO_SETTINGS, ...given } : given);
  const started: Started[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.close()));
  };
  try {
    const dependency = await ownDependency(settings, started);
    const proxy = dependency !== null && between ? await between(dependency) : null;
    const nodes = await startNodes(settings, { dependency: proxy?.address ?? dependency, started });
    const [first] = nodes as [PracticeNode, ...PracticeNode[]];
    return {
      url: first.url,
      nodes: nodes.map(({ url, id }) => ({ url, id })),
      pid: process.pid,
      dependency,
      faultProxy: proxy?.api ?? null,
      settings,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What must be closed again. */
interface Started {
  close(): Promise<void>;
}

async function ownDependency(settings: PracticeSettings, started: Started[]): Promise<string | null> {
  if (!settings.withDependency) return settings.dependency;
  const server = await startDependency({ host: '127.0.0.1', port: 0, delayMs: settings.dependencyDelayMs });
  started.push(server);
  return server.address;
}

async function startNodes(
  settings: PracticeSettings,
  { dependency, started }: { dependency: string | null; started: Started[] },
): Promise<PracticeNode[]> {
  const { leakBytesPerRequest, leakAbovePerSecond, leakLimitBytes, cacheKeys, cachePolicy } = settings;
  // Memory is the process's: one leak for all nodes.
  const leak = createLeak({
    bytesPerRequest: leakBytesPerRequest,
    abovePerSecond: leakAbovePerSecond,
    limitBytes: leakLimitBytes,
  });
  if (settings.collectAtRest) started.push(collectAtRest(() => leak.requests));
  const newCache = (): ReturnType<typeof createCache> => createCache({ keys: cacheKeys, policy: cachePolicy });
  const shared = settings.cacheShared ? newCache() : null;
  const nodes: PracticeNode[] = [];
  const capacity = { share: 1 };
  for (let index = 0; index < settings.nodes; index += 1) {
    const node = await startNode({ index, settings, cache: shared ?? newCache(), leak, capacity, dependency });
    started.push(node);
    nodes.push(node);
  }
  return nodes;
}
