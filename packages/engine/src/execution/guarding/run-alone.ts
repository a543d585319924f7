import type { EndCode } from '@hive/contract';
import type { TrainingEvent } from '../events.js';
import { execute, type Executed, type ExecuteOptions } from '../execute.js';
import { openSafeguards } from './safeguards.js';
import { checkEnvironment } from './admit.js';

/**
 * Runs one scenario as a session of its own, under its target's safeguards. Ends with `ended`.
 * @throws HiveError as {@link execute}.
 */
export async function* runAlone(options: ExecuteOptions): AsyncGenerator<TrainingEvent, Executed> {
  checkEnvironment({ target: options.target, purpose: 'run' });
  const safeguards = openSafeguards(options);
  try {
    const executed = yield* execute({ ...options, signal: safeguards.signal, safeguards });
    const tripped = safeguards.tripped();
    const stopped = tripped === null && executed.result.verdict === 'aborted';
    yield { type: 'ended', ...(tripped ?? endOf(executed, stopped)), stopped, limits: [] };
    return executed;
  } finally {
    await safeguards.close();
  }
}

function endOf({ result, alike }: Executed, stopped: boolean): { code: EndCode; reason: string } {
  if (stopped) return { code: 'stopped', reason: 'stopped' };
  if (alike) return { code: 'target_unreachable', reason: result.reason };
  return { code: 'goal', reason: 'the run has ended' };
}
