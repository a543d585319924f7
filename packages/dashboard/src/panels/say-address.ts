import type { Target } from '@hive/contract';

/** Where a target is: its address, or the first of several with how many more there are. */
export function sayAddress({ nodes }: Target): string {
  const [first] = nodes;
  const address = (first?.url ?? '').replace(/^https?:\/\//, '').replace(/\/$/, '');
  return nodes.length > 1 ? `${address} and ${nodes.length - 1} more` : address;
}
