import { createInterface } from 'node:readline/promises';
import { boundsOf, HiveError, hostOf, mayWrite, toSafety, type Target } from '@hive/contract';
import type { Caps } from './plan.js';

/** What `--production HOST` says: that the target is one of production, and which. */
export interface ProductionOptions {
  production?: string;
}

/**
 * The target as a production one where `--production` says so. `caps`: those that its file writes.
 * @throws HiveError `refused_by_safety` for a target that is to be written to.
 */
export function asProduction(target: Target, { production }: ProductionOptions, caps: Caps): Target {
  if (production === undefined || boundsOf(target).environment === 'production') return target;
  if (mayWrite(target.safety))
    throw new HiveError('refused_by_safety', '--production: nothing is written to a production target', {
      hint: 'leave out -X, or safety.allowWrites in the file',
    });
  const written = Object.fromEntries(Object.entries(caps).filter(([, value]) => value !== undefined));
  return { ...target, safety: toSafety(target.nodes, { ...written, environment: 'production' }) };
}

/** The host that was given for a production target, or that somebody types at a terminal; undefined where neither is so. */
export async function productionHost(
  target: Target,
  { production }: ProductionOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (production !== undefined || boundsOf(target).environment !== 'production') return production;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const hosts = target.nodes.map(({ url }) => hostOf(url)).join(', ');
    return await lines.question(`${target.id} is a production target (${hosts}). Type its host to go on: `, { signal });
  } catch {
    return undefined;
  } finally {
    lines.close();
  }
}
