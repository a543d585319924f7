import { parseObjectives } from '@hive/contract';
import { clauseShare, latencyMsOf } from '../judging/shares.js';
import type { Clause } from '../learning/axis.js';
import type { Asked, Standard } from './kind.js';

/** Where nothing may be bad, a limit is learned as that of this small share. */
const NEARLY_NONE = 1e-4;

/** The objectives as they stand. */
export function byObjectives({ objectives }: Pick<Asked, 'objectives'>): Standard {
  return { objectives: [...objectives], clauses: clausesOf(objectives) };
}

/** The clauses that count: a throughput moves no limit. */
function clausesOf(objectives: readonly string[]): Clause[] {
  return parseObjectives(objectives).flatMap((objective) => {
    const share = clauseShare(objective);
    if (share === null) return [];
    const latencyMs = latencyMsOf(objective);
    const latencySeconds = latencyMs === null ? null : latencyMs / 1_000;
    return [{ expression: objective.expression, allowedShare: share || NEARLY_NONE, latencySeconds }];
  });
}
