import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long no request comes before it is a rest. */
const REST_MS = 1_000;

/**
 * Collects garbage once in every rest. Without it the resident memory of a rest shows when V8 last happened to collect, which
 * moves by megabytes, and not what the requests left behind. `requests` counts them.
 */
export function collectAtRest(requests: () => number): { close(): Promise<void> } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let seen = requests();
  let collected = seen;
  const timer = setInterval(() => {
    const now = requests();
    if (now === seen && now !== collected) {
      collect();
      collected = now;
    }
    seen = now;
  }, REST_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
    },
  };
}
