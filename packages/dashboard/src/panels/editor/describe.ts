import type { Target, TargetInput } from '@hive/contract';

/** A stored target as a person would write it: without what is not set, and in the order of the form. */
export function describe({ id: _, nodes, ...rest }: Target): TargetInput {
  const [only] = nodes;
  const isPlain = nodes.length === 1 && only !== undefined && only.socket === undefined && only.id === undefined;
  const address = isPlain ? { url: only.url } : { nodes };
  const set = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
  return { ...address, ...set };
}

/** The addresses of a description, one a line. */
export function addressesOf({ url, nodes }: TargetInput): string[] {
  return url === undefined ? (nodes ?? []).map((node) => node.url) : [url];
}

/** The same description at other addresses; nodes that stay keep what else is said of them. */
export function withAddresses(input: TargetInput, addresses: readonly string[]): TargetInput {
  const { url: _, nodes = [], ...rest } = input;
  if (addresses.length === 1 && nodes.length <= 1 && nodes[0]?.socket === undefined)
    return { url: addresses[0], ...rest };
  const known = new Map(nodes.map((node) => [node.url, node]));
  return { nodes: addresses.map((address) => known.get(address) ?? { url: address }), ...rest };
}
