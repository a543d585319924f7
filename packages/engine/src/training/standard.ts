import { isIP } from 'node:net';
import { parseObjectives, type Kind, type Target } from '@hive/contract';
import { hitShareClause } from '../kinds/cache-efficiency/judge.js';
import { BODY_CLAUSE } from '../kinds/data-processing/judge.js';
import { underFaultObjectives } from '../kinds/fault-tolerance/judge.js';
import { onWorstNode } from '../kinds/load-balancing/judge.js';
import { clauseShare, latenciesOf, latencyMsOf } from '../judging/shares.js';
import type { Clause } from '../learning/axis.js';
import type { Axis } from '../learning/axis.js';
import { faultedDependency } from '../kinds/faulted-link.js';

/** A latency that a body or a read is not judged by still needs some time to show, s. */
const LEAST_LATENCY_SECONDS = 0.05;

/** Kinds that are judged by a rule of their own, and not by the objectives. */
export const OWN_RULE: ReadonlySet<Kind> = new Set(['cache_efficiency', 'data_processing', 'memory_optimization']);

/** Where nothing may be bad, a limit is learned as that of so small a share. */
const NEARLY_NONE = 1e-4;

/** What a kind is judged by on a target, as the learner must know it. */
export function standardOf(
  target: Target,
  kind: Kind,
): Pick<Axis, 'clauses' | 'latencySeconds' | 'allowOverload' | 'chirp' | 'leastMs'> {
  const objectives = objectivesOf(target, kind);
  const latencies = latenciesOf(objectives).map((ms) => ms / 1_000);
  return {
    clauses: clausesOf(target, kind),
    latencySeconds: Math.max(LEAST_LATENCY_SECONDS, ...latencies),
    allowOverload:
      target.safety.allowOverload || target.nodes.every(({ url, socket }) => socket !== undefined || isLoopback(url)),
    chirp: kind === 'load_balancing',
    // A shorter run than a block of a clause would not be judged by it.
    leastMs: OWN_RULE.has(kind) ? 0 : Math.max(0, ...parseObjectives(objectives).map(({ blockMs }) => blockMs ?? 0)),
  };
}

function objectivesOf(target: Target, kind: Kind): string[] {
  if (kind !== 'fault_tolerance' || faultedDependency(target) === null) return target.objectives;
  return underFaultObjectives(target.objectives, target.budgets.underFault);
}

function clausesOf(target: Target, kind: Kind): Clause[] {
  if (kind === 'cache_efficiency') return [{ ...hitShareClause(target.budgets.hitShare), latencySeconds: null }];
  if (kind === 'data_processing') return [{ ...BODY_CLAUSE, latencySeconds: null }];
  const clauses = parseObjectives(objectivesOf(target, kind)).flatMap((objective) => {
    const share = clauseShare(objective);
    if (share === null) return [];
    const latencyMs = latencyMsOf(objective);
    const latencySeconds = latencyMs === null ? null : latencyMs / 1_000;
    return [{ expression: objective.expression, allowedShare: share || NEARLY_NONE, latencySeconds }];
  });
  const apart = target.nodes.length > 1 || target.nodeHeader !== null;
  if (kind !== 'load_balancing' || !apart) return clauses;
  return [...clauses, ...clauses.map((clause) => ({ ...clause, expression: onWorstNode(clause.expression) }))];
}

function isLoopback(text: string): boolean {
  const host = new URL(text).hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
