import type { Target } from '@hive/contract';

/** Whether load on one target may be felt at the other: a node, or a dependency, in common. */
export function sharesWith(one: Target, other: Target): boolean {
  const places = new Set(placesOf(one));
  return placesOf(other).some((place) => places.has(place));
}

function placesOf({ nodes, dependencies }: Target): string[] {
  const own = nodes.map(({ url, socket }) => {
    const { hostname, port, protocol } = new URL(url);
    return socket ?? `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  });
  return [...own, ...dependencies.map(({ address }) => address)];
}
