import {
  HiveError,
  nodeName,
  type CheckedTarget,
  type Target,
  type TargetCheck,
  type TargetNode,
} from '@hive/contract';
import { contact, placeOf, type Ask, type Environment } from '@hive/engine';

/** What a check of a target needs. */
export interface Checking {
  /** Addresses beyond loopback that may be dialled. */
  allowTargets: readonly string[];
  /** What a target's `${NAME}` may be filled from, as it is now. */
  environment(): Promise<Environment>;
  /** How one thing alone is asked for; absent: over real sockets. */
  outside: { ask?: Ask };
}

interface CheckOptions extends Checking {
  /** Send also what writes, where the target allows it. */
  writes?: boolean;
}

/** What nothing was asked for is named after. */
const CONNECTION = 'connection';

/**
 * Asks every node once for every class that reads, as before a measurement, and says what stands in the way of one.
 * @throws HiveError `refused_by_safety` before anything is dialled, `validation` for missing secrets.
 */
export async function checkTarget(target: Target, options: CheckOptions): Promise<CheckedTarget> {
  const unnamed: TargetCheck[] = [];
  const nodes: TargetNode[] = [];
  for (const node of target.nodes) {
    const problem = await unreachable(() => placeOf(node, options.allowTargets));
    if (problem === null) nodes.push(node);
    else unnamed.push({ node: nodeName(node), request: CONNECTION, ...problem });
  }
  const seen = nodes.length === 0 ? { ok: false, checks: [] } : await contactAll({ ...target, nodes }, options);
  return { ok: seen.ok && unnamed.length === 0, checks: [...unnamed, ...seen.checks] };
}

/** Where no class may be asked for, each node only has to take a connection. */
async function contactAll(target: Target, { outside, ...options }: CheckOptions): Promise<CheckedTarget> {
  const environment = await options.environment();
  const look = (nodes: TargetNode[]) => contact({ ...options, ...outside, environment, target: { ...target, nodes } });
  let seen: CheckedTarget | null = null;
  const problem = await unreachable(async () => (seen = await look(target.nodes)));
  if (problem === null && seen !== null) return seen;
  const each = await Promise.all(
    target.nodes.map(async (node) => {
      const refused = await unreachable(() => look([node]));
      return refused === null ? [] : [{ node: nodeName(node), request: CONNECTION, ...refused }];
    }),
  );
  return { ok: false, checks: each.flat() };
}

async function unreachable(dial: () => Promise<unknown>): Promise<Pick<TargetCheck, 'problem' | 'hint'> | null> {
  try {
    await dial();
    return null;
  } catch (error) {
    if (!(error instanceof HiveError && error.code === 'target_unreachable')) throw error;
    return { problem: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}

/** What a check found wrong, one sentence for each node and cause. */
function warningsOf({ checks }: CheckedTarget): string[] {
  const causes = new Map<string, TargetCheck[]>();
  for (const check of checks) {
    if (check.problem === undefined) continue;
    const cause = JSON.stringify([check.node, check.problem, check.hint]);
    causes.set(cause, [...(causes.get(cause) ?? []), check]);
  }
  return [...causes.values()].map((alike) => {
    const [{ node, problem, hint }] = alike as [TargetCheck];
    const asked = checks.filter((check) => check.node === node).length;
    const of = alike.length === asked ? '' : ` (${alike.map(({ request }) => request).join(', ')})`;
    return `${node}${of}: ${problem}${hint === undefined ? '' : `; ${hint}`}`;
  });
}

/** The warnings worth telling whoever saves a target. It is saved whatever they say: a measurement checks again. */
export async function warningsOnSaving(target: Target, checking: Checking): Promise<string[]> {
  try {
    return warningsOf(await checkTarget(target, checking));
  } catch (error) {
    if (!(error instanceof HiveError)) throw error;
    return [error.hint === undefined ? error.message : `${error.message}; ${error.hint}`];
  }
}
