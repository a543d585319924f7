import type { Load, LoadOrder, Tick } from '../measuring.js';

/** Runs one order to its end and hands each tick to `gather` before it is seen: the one place where a load runs. */
export async function* ticksOf(
  run: { load: Load; order: LoadOrder; signal: AbortSignal },
  gather: { add(tick: Tick): void },
): AsyncGenerator<Tick, void> {
  for await (const tick of run.load.run(run.order, run.signal)) {
    gather.add(tick);
    yield tick;
  }
}
