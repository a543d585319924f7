import { FILES, MANAGED_BY } from './managed-by.js';
import { targetSchema, toTarget, type Target, type TargetInput } from './target.js';

/** A stored target as a person would write it: without what is a default. Read again, it is the same target. */
export function describeTarget({ id, nodes, labels, ...rest }: Target): TargetInput {
  const [only] = nodes;
  const isPlain =
    nodes.length === 1 && only !== undefined && Object.keys(only).every((name) => name === 'url' || name === 'weight');
  const address: TargetInput = isPlain && only.weight === 1 ? { url: only.url } : { nodes };
  const own = Object.entries(labels ?? {}).filter(([name, value]) => name !== MANAGED_BY || value !== FILES);
  const usual: Record<string, unknown> = targetSchema.parse(toTarget(address, id));
  const set = Object.entries(rest).filter(([name, value]) => value !== null && !isSame(value, usual[name]));
  return { ...address, ...Object.fromEntries(set), ...(own.length > 0 && { labels: Object.fromEntries(own) }) };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

/** Keys have no order: a database gives them back in its own. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, inOrder(inner)]));
}
