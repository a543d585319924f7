import { HiveError, nodeName, type TargetNode } from '@hive/contract';
import { placeOf, resolveAllowed, type Place } from '../safety/addresses.js';
import type { LoadOrder, OrderNode, TlsMaterial } from '../measuring.js';

/** A node with the one place that is dialled for it. Plain data: it crosses threads. */
export interface ResolvedNode {
  id: string;
  weight: number;
  place: Place;
  /** TLS: the name to ask for and to verify; null for plain HTTP. */
  tlsName: string | null;
  /** What TLS is spoken with beside it; null: the usual authorities, and no certificate. */
  tls: TlsMaterial | null;
  hostHeader: string;
  /** Path of the node's URL without a trailing slash. */
  basePath: string;
}

/**
 * Resolves every node of an order, once, to an address that may be dialled.
 * @throws HiveError `refused_by_safety` or `target_unreachable` before anything is sent; `validation` for a URL that is none.
 */
export async function resolveNodes(order: Pick<LoadOrder, 'nodes' | 'allowTargets' | 'tls'>): Promise<ResolvedNode[]> {
  return Promise.all(
    order.nodes.map(async (node, index) => {
      if (!URL.canParse(node.url)) throw new HiveError('validation', `nodes.${index}.url: '${node.url}' is not a URL`);
      return atPlace(node, await dialled(node, order.allowTargets), order.tls);
    }),
  );
}

/** A node that is dialled at an allowed place. */
export function atPlace(node: TargetNode, place: Place, tls?: TlsMaterial): ResolvedNode {
  const url = new URL(node.url);
  return {
    id: nodeName(node),
    weight: node.weight,
    place,
    tlsName: url.protocol === 'https:' ? (tls?.serverName ?? url.hostname.replace(/^\[(.*)\]$/, '$1')) : null,
    tls: tls ?? null,
    hostHeader: url.host,
    basePath: url.pathname.replace(/\/$/, ''),
  };
}

async function dialled({ via, ...node }: OrderNode, allow: readonly string[]): Promise<Place> {
  if (via === undefined) return placeOf(node, allow);
  return { host: (await resolveAllowed(via.host, via.port, allow)).address, port: via.port };
}
