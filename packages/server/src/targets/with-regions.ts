import type { Regions, Target } from '@hive/contract';

/** A target whose load comes from where somebody asks for; absent: from where the target itself says. `here`: from this machine. */
export function withRegions(target: Target, asked: Regions | 'here' | undefined): Target {
  if (asked === undefined) return target;
  const { regions: _, ...rest } = target;
  return asked === 'here' ? rest : { ...rest, regions: asked };
}
