import { judgeClauses } from '../../judging/clauses.js';
import { ofGroup, type Judge } from '../../judging/facts.js';

/** The protected class alone must meet the objectives, whatever happens to the noisy one. Its group comes first. */
export const judgeResourceAllocation: Judge = (facts) => {
  const [protectedClass, noisy] = facts.groups;
  if (!protectedClass) return judgeClauses(facts);
  const judged = judgeClauses(ofGroup(facts, protectedClass));
  const findings = noisy ? [`${noisy.name}: ${share(noisy.whole.counts)} of its requests got a good answer`] : [];
  return { ...judged, reason: `${protectedClass.name}: ${judged.reason}`, findings };
};

function share({ good, planned }: { good: number; planned: number }): string {
  return planned === 0 ? 'none' : `${Math.round((good / planned) * 1_000) / 10} %`;
}
