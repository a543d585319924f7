import { createRandom } from '../random.js';
import { startNode, type PracticeNode } from './node.js';
import { serviceTimes } from './service-times.js';
import { practiceSettings, type PracticeSettings } from './settings.js';

export interface Practice {
  /** The first node. */
  url: string;
  nodes: { url: string; id: string }[];
  settings: PracticeSettings;
  /** Ends every node and its connections. */
  close(): Promise<void>;
}

/**
 * Starts the practice target: a real HTTP service whose limits are known by construction.
 * @throws HiveError `validation` naming the setting that is wrong, `port_taken`.
 */
export async function startPractice(given: Partial<PracticeSettings> = {}): Promise<Practice> {
  const settings = practiceSettings(given);
  const nodes: PracticeNode[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.close()));
  };
  try {
    for (let index = 0; index < settings.nodes; index += 1) {
      const random = createRandom(settings.seed + index);
      nodes.push(
        await startNode({
          id: `node-${index + 1}`,
          host: settings.host,
          port: settings.port === 0 ? 0 : settings.port + index,
          workers: settings.workers,
          queueLimit: settings.queueLimit,
          serviceMs: serviceTimes(settings.distribution, settings.serviceMs, () => random.next()),
        }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  const [first] = nodes as [PracticeNode, ...PracticeNode[]];
  return { url: first.url, nodes: nodes.map(({ url, id }) => ({ url, id })), settings, close };
}
