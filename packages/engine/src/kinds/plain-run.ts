import { judgeClauses } from '../judging/clauses.js';
import type { KindDefinition } from './kind.js';
import { byObjectives } from './standard.js';

/** How a run is planned to be measured and judged: what its kind says of that. */
export type RunRules = Pick<KindDefinition, 'groups' | 'certainBy' | 'standard' | 'judge' | 'findings'> & {
  /** Its objectives are weighed also when it is stopped before its end. Absent: then it says nothing. */
  partial?: true;
};

/**
 * The rules of a load that somebody asked for as it stands: judged by the objectives over all its requests whatever kind it is kept as, run to
 * its end, and nothing is learned from it.
 */
export const PLAIN_RUN: RunRules = {
  groups: () => [],
  certainBy: 'nothing',
  standard: byObjectives,
  judge: (facts) => {
    const { verdict, reason, objectives } = judgeClauses(facts);
    return { verdict, reason, objectives, evidence: null };
  },
  findings: () => [],
  partial: true,
};
