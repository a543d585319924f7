import { HiveError, unknownClassOf, type Target } from '@hive/contract';

/** A target judged by other objectives; none, or absent: its own. @throws HiveError `validation` for a class that it does not have. */
export function withObjectives(target: Target, objectives: readonly string[] | undefined): Target {
  if (!objectives?.length) return target;
  const unknown = unknownClassOf(objectives, target.requests);
  if (unknown === null) return { ...target, objectives: [...objectives] };
  const field = `objectives.${unknown.index}`;
  throw new HiveError('validation', `${field}: ${unknown.message}`, {
    details: { problems: [{ field, message: unknown.message }] },
  });
}
