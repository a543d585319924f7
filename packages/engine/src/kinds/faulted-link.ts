import type { Dependency, RequestClass, Target } from '@hive/contract';
import { plainMix, sendable } from './requests.js';

/** The dependency that can be put under faults: the first that the target reaches through a fault proxy; null: there is none. */
export function faultedDependency(target: Pick<Target, 'dependencies'>): Dependency | null {
  return target.dependencies.find(({ proxy }) => proxy !== undefined) ?? null;
}

/** Why no fault can come upon the way that is tried; null: it can. */
export function withoutFaults(target: Target): string | null {
  if (faultedDependency(target) !== null || target.nodes.every(({ socket }) => socket === undefined)) return null;
  return 'it listens on a unix socket, and faults are laid on TCP connections: name an address, or a dependency with a proxy';
}

/** What is sent to try a link: the classes that use the dependency where it names them, else the plain mix. */
export function mixOver(target: Target, dependency: Dependency | null): RequestClass[] {
  const named = sendable(target).filter(({ name }) => dependency?.requests?.includes(name));
  if (named.length === 0) return plainMix(target);
  return named.map((request) => ({ ...request, weight: request.weight || 1 }));
}
