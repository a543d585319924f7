import { defaultSafety, figure, HiveError, type Safety, type Target } from '@hive/contract';
import type { Caps } from './plan.js';
import type { NameOf } from './target-file.js';

/** Caps of one session: rates in requests/s. */
export interface CapOptions {
  maxRate?: number;
  maxConnections?: number;
}

/** What a target's caps are, and where they are written. */
export interface WrittenCaps {
  caps: Caps;
  /** Such as `hive.yaml`. */
  where: string;
}

const CAPS = [
  { option: 'maxRate', name: 'maxRatePerSecond', unit: 'requests/s' },
  { option: 'maxConnections', name: 'maxConnections', unit: 'connections' },
] as const;

/**
 * The target with the caps of this session, and the lines that say so. Whatever was written for the target on purpose is not exceeded.
 * @throws HiveError `refused_by_safety`.
 */
export function withSessionCaps(
  target: Target,
  asked: CapOptions,
  { written, nameOf }: { written: WrittenCaps | null; nameOf: NameOf },
): { target: Target; lines: string[] } {
  const safety: Safety = { ...target.safety };
  const lines: string[] = [];
  for (const { option, name, unit } of CAPS) {
    const value = asked[option];
    if (value === undefined) continue;
    const most = written?.caps[name];
    if (written !== null && most !== undefined && value > most)
      throw new HiveError(
        'refused_by_safety',
        `${nameOf(option)}: ${figure(value)} ${unit} exceeds safety.${name} (${figure(most)}) of ${written.where}`,
        { hint: `ask for less, or change safety.${name} there` },
      );
    safety[name] = value;
    lines.push(`this session sends at most ${figure(value)} ${unit} (${nameOf(option)})`);
  }
  return { target: { ...target, safety }, lines };
}

/** The caps of a stored target that are not the usual ones: somebody wrote them. */
export function storedCaps({ id, nodes, safety }: Pick<Target, 'id' | 'nodes' | 'safety'>): WrittenCaps {
  const usual = defaultSafety(nodes, safety.environment);
  const own = CAPS.filter(({ name }) => safety[name] !== usual[name]);
  return {
    caps: Object.fromEntries(own.map(({ name }) => [name, safety[name]])),
    where: `the stored target '${id}'`,
  };
}
