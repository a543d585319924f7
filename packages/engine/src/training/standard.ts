import { isIP } from 'node:net';
import { parseObjectives, type Kind, type Target } from '@hive/contract';
import { latenciesOf } from '../judging/shares.js';
import { kindDefinition } from '../kinds/registry.js';
import type { Axis } from '../learning/axis.js';

/** A latency that a body or a read is not judged by still needs some time to show, s. */
const LEAST_LATENCY_SECONDS = 0.05;

/** What a kind is judged by on a target, as the learner must know it. */
export function standardOn(
  target: Target,
  kind: Kind,
): Pick<Axis, 'clauses' | 'latencySeconds' | 'allowOverload' | 'leastMs'> {
  const { standard, judgedBy } = kindDefinition(kind);
  const { objectives, clauses } = standard({ target, objectives: target.objectives, plan: null, restP50Ms: null });
  const hasOwnRule = judgedBy === 'own rule';
  const latencies = latenciesOf(hasOwnRule ? target.objectives : objectives).map((ms) => ms / 1_000);
  return {
    clauses,
    latencySeconds: Math.max(LEAST_LATENCY_SECONDS, ...latencies),
    allowOverload:
      target.safety.allowOverload || target.nodes.every(({ url, socket }) => socket !== undefined || isLoopback(url)),
    // A shorter run than a block of a clause would not be judged by it.
    leastMs: hasOwnRule ? 0 : Math.max(0, ...parseObjectives(objectives).map(({ blockMs }) => blockMs ?? 0)),
  };
}

function isLoopback(text: string): boolean {
  const host = new URL(text).hostname.replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
