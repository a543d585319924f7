import type { Target } from '@hive/contract';
import { admit, checkContact, realClock } from '@hive/engine';
import type { CliConfig } from './config.js';

/** A session that is about to begin. */
interface Entering {
  target: Target;
  purpose: Parameters<typeof admit>[0]['purpose'];
  sessionId: string;
  /** The host of a production target, as it was given. */
  production?: string | undefined;
  /** A target that turns every request away may be loaded too. */
  anyStatus?: boolean;
}

/**
 * Asks first the safety settings of a target and then the target itself whether a session may begin, and tells its warnings. Returns what the
 * session may send.
 * @throws HiveError `refused_by_safety`, `target_unreachable` with the cause.
 */
export async function enter(
  entering: Entering,
  { config, tell }: { config: Pick<CliConfig, 'allowTargets' | 'environment'>; tell: (text: string) => void },
): Promise<Awaited<ReturnType<typeof admit>>> {
  const { allowTargets, environment } = config;
  const allowance = await admit({ ...entering, clock: realClock, allowTargets });
  const { warnings } = await checkContact({ ...entering, allowTargets, environment, allowance });
  for (const warning of warnings) tell(warning);
  return allowance;
}
