import { HiveError, KINDS, type Kind, type Target } from '@hive/contract';
import { learnLimits } from '@hive/engine';

/**
 * The kinds to be run, of those asked for. Some may not apply to the target: their limits say so.
 * @throws HiveError `validation` naming `field` when none of them applies.
 */
export function applicableKinds(target: Target, asked: readonly Kind[], field: string): Kind[] {
  const kinds = [...new Set(asked)];
  const reasons = kinds.map((kind) => reasonAgainst(target, kind));
  if (reasons.includes(null)) return kinds;
  throw new HiveError('validation', `${field}: ${reasons.join('; ')}`, {
    hint: `choose from ${KINDS.join(', ')}`,
    details: { problems: [{ field, message: reasons.join('; ') }] },
  });
}

/** Why a kind cannot be judged on a target, or null when it can. */
export function reasonAgainst(target: Target, kind: Kind): string | null {
  const limit = learnLimits(target, []).find((one) => one.kind === kind);
  return limit?.status === 'not_applicable' ? (limit.reason ?? `${kind} does not apply to ${target.id}`) : null;
}
