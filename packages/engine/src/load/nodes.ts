import { HiveError } from '@hive/contract';
import { resolveAllowed } from '../addresses.js';
import type { LoadOrder } from '../measuring.js';

/** A node with the one address that is dialled for it. Plain data: it crosses threads. */
export interface ResolvedNode {
  id: string;
  weight: number;
  address: string;
  port: number;
  /** TLS: the name to ask for and to verify; null for plain HTTP. */
  tlsName: string | null;
  hostHeader: string;
  /** Path of the node's URL without a trailing slash. */
  basePath: string;
}

/**
 * Resolves every node of an order, once, to an address that may be dialled.
 * @throws HiveError `refused_by_safety` or `target_unreachable` before anything is sent; `validation` for a URL that is none.
 */
export async function resolveNodes(order: Pick<LoadOrder, 'nodes' | 'allowTargets'>): Promise<ResolvedNode[]> {
  return Promise.all(
    order.nodes.map(async (node, index) => {
      if (!URL.canParse(node.url)) throw new HiveError('validation', `nodes.${index}.url: '${node.url}' is not a URL`);
      const url = new URL(node.url);
      const secure = url.protocol === 'https:';
      const port = Number(url.port) || (secure ? 443 : 80);
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
      const dialled = node.via ?? { host, port };
      const { address } = await resolveAllowed(dialled.host, dialled.port, order.allowTargets);
      return {
        id: node.id ?? node.url,
        weight: node.weight,
        address,
        port: dialled.port,
        tlsName: secure ? host : null,
        hostHeader: url.host,
        basePath: url.pathname.replace(/\/$/, ''),
      };
    }),
  );
}
