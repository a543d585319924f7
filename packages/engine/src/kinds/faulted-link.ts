import type { Dependency, RequestClass, Target } from '@hive/contract';
import { plainMix, sendable } from './requests.js';

/** The dependency that can have faults: the first that the target reaches through a fault proxy; null: there is none. */
export function faultedDependency(target: Pick<Target, 'dependencies'>): Dependency | null {
  return target.dependencies.find(({ proxy }) => proxy !== undefined) ?? null;
}

/** Why no connection can be given faults; null: it can. */
export function withoutFaults(target: Target): string | null {
  if (faultedDependency(target) !== null || target.nodes.every(({ socket }) => socket === undefined)) return null;
  return 'the target listens on a unix socket, and faults need TCP connections: give an address, or a dependency with a proxy';
}

/** The requests that use a link: the classes that the dependency names, else the plain mix. */
export function mixOver(target: Target, dependency: Dependency | null): RequestClass[] {
  const named = sendable(target).filter(({ name }) => dependency?.requests?.includes(name));
  if (named.length === 0) return plainMix(target);
  return named.map((request) => ({ ...request, weight: request.weight || 1 }));
}
