import { nodeName, type Plan, type RequestClass } from '@hive/contract';
import type { LoadOrder, OrderNode } from '../measuring.js';
import type { GroupNames } from '../metrics/collector.js';

/** Each class and node that is counted apart costs the sending thread time at every tick: more of them only where they are judged. */
const MOST_APART = 10;

/** What is counted apart: what the plan judges, and classes and nodes wherever there are several, but few. */
export function countedApart(
  plan: Plan,
  from: {
    requests: readonly RequestClass[];
    nodes: readonly OrderNode[];
    nodeHeader: string | null;
    classesApart: boolean;
  },
): Pick<LoadOrder, 'groupBy'> {
  const { requests, nodes, nodeHeader, classesApart } = from;
  const isWorth = (count: number): boolean => count > 1 && count <= MOST_APART;
  const groupBy = [
    ...(classesApart || plan.groupBy === 'class' || isWorth(requests.length) ? (['class'] as const) : []),
    ...(nodes.length > 1 && (plan.groupBy === 'node' || isWorth(nodes.length)) ? (['node'] as const) : []),
    ...(nodes.length === 1 && plan.groupBy === 'node' && nodeHeader !== null ? (['named_node'] as const) : []),
  ];
  return groupBy.length > 0 ? { groupBy } : {};
}

/** The names of what an order counts apart. Links to one node are told apart by their number. */
export function groupNamesOf({ groupBy = [], requests, nodes }: LoadOrder): GroupNames {
  return {
    byClass: groupBy.includes('class') ? distinct(requests.map(({ name }) => name)) : [],
    byNode: groupBy.includes('node') ? distinct(nodes.map(nodeName)) : [],
  };
}

/** A name that is there already gets a number. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return number === 1 ? name : `${name} (${number})`;
  });
}
