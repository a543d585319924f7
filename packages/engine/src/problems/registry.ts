import { HiveError, KINDS, type Kind } from '@hive/contract';
import type { KindDefinition } from './kind-definition.js';
import { concurrentRequests } from './kinds/concurrent-requests.js';
import { loadBalancing } from './kinds/load-balancing.js';

const DEFINITIONS: readonly KindDefinition[] = [concurrentRequests, loadBalancing];
const BY_KIND = new Map(DEFINITIONS.map((definition) => [definition.kind, definition]));

/** The kinds this version can generate, in the contract's order. */
export const supportedKinds: readonly Kind[] = KINDS.filter((kind) => BY_KIND.has(kind));

/** The definition of a kind, or undefined when this version has none. */
export function findKind(kind: Kind): KindDefinition | undefined {
  return BY_KIND.get(kind);
}

/** @throws HiveError `validation` when this version cannot generate the kind. */
export function kindDefinition(kind: Kind): KindDefinition {
  const definition = BY_KIND.get(kind);
  if (!definition) {
    throw new HiveError('validation', `kinds: '${kind}' is not available in this version`, {
      hint: `choose among ${supportedKinds.join(', ')}`,
    });
  }
  return definition;
}
