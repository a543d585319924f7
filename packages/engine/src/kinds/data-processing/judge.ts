import { figure } from '../../figure.js';
import { judgeClauses } from '../../judging/clauses.js';
import type { Judge } from '../../judging/facts.js';

/** The share of bodies that may be slow or broken. */
const ALLOWED_SHARE = 0.05;
/** What bodies are judged by, by one name for every size: the time allowed follows from the size. */
export const BODY_CLAUSE = { expression: '95 % of bodies in time and whole', allowedShare: ALLOWED_SHARE };

/** The clause as an objective, for bodies that may take this long. */
export function bodyObjective(allowedMs: number): string {
  return `p(${(1 - ALLOWED_SHARE) * 100})<${allowedMs.toFixed(3)}`;
}

/** Bodies moved at least as quickly as the budget asks, and whole: what is too slow, cut short or changed on the way is bad. */
export const judgeDataProcessing: Judge = (facts) => {
  const judged = judgeClauses(facts);
  const { evidence } = judged;
  const broken = facts.errors.wrong_body ?? 0;
  return {
    ...judged,
    evidence:
      evidence?.type === 'counts'
        ? { ...evidence, clauses: evidence.clauses.map((clause) => ({ ...clause, ...BODY_CLAUSE })) }
        : evidence,
    ...(broken === 0 ? {} : { findings: [`${figure(broken)} bodies arrived incomplete or changed`] }),
  };
};
