import type { Clock } from '@hive/engine';
import type { Log } from './log.js';
import { withinMs } from './sessions/within.js';

/** All together are closed by then, or left: who is asked to end has five seconds. */
const ALL_MS = 4_000;
/** What remains for each of those that come after one that hangs. */
const LEAST_MS = 50;

/** Closes in the opposite order of opening. One that fails or hangs does not keep the others open. Never rejects. */
export async function closeAll(
  opened: (() => Promise<void>)[],
  { clock, log }: { clock: Clock; log: Log },
): Promise<void> {
  const endMs = clock.now() + ALL_MS;
  for (let close = opened.pop(); close; close = opened.pop()) {
    try {
      const closed = await withinMs(clock, close(), Math.max(LEAST_MS, endMs - clock.now()));
      if (!closed) log.warn({}, 'a part that does not answer was left open');
    } catch (error) {
      log.warn({ err: error }, 'a part could not be closed');
    }
  }
}
