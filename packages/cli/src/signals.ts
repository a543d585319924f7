import { EXIT } from '@hive/contract';

/** npm and npx pass Ctrl-C on to what they started, which the terminal has told already: one press arrives twice. */
const SAME_PRESS_MS = 500;

/**
 * Asked to end by Ctrl-C or SIGTERM: the first asks for a graceful end, the second ends the process at once. SIGHUP, which comes when the
 * terminal or a caller is gone, may come on top of either and asks once.
 */
export function stopSignal(): AbortSignal {
  const asked = new AbortController();
  let firstAtMs = 0;
  const stop = (): void => {
    if (!asked.signal.aborted) firstAtMs = performance.now();
    else if (performance.now() - firstAtMs > SAME_PRESS_MS) process.exit(EXIT.aborted);
    asked.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', () => {
    if (!asked.signal.aborted) stop();
  });
  return asked.signal;
}
