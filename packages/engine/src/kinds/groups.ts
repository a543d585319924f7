import type { Plan } from '@hive/contract';
import type { Countable, GroupPlan } from './kind.js';

/** The classes or the nodes, as the plan counts them apart. */
export function groupsByPlan({ groupBy }: Plan, { byClass, byNode }: Countable): GroupPlan[] {
  if (groupBy === 'class') return byClass.map((name, index) => ({ name, indexes: [index] }));
  if (groupBy !== 'node') return [];
  return byNode.map((name, index) => ({ name, indexes: [byClass.length + index] }));
}
