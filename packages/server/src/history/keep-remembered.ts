import type { Clock } from '@hive/engine';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';
import { everyHour } from './every-hour.js';

const FIRST_MS = 500;
const BUSY_MS = 10_000;

export interface Looking {
  /** While a session runs here, nobody computes what nobody has asked for. */
  isBusy(): Promise<boolean>;
  /** Computes what is remembered of one target, or of all together. */
  look(target: string | undefined): Promise<unknown>;
}

/** After the start and then every hour, computes what people look at first: a long history is folded before they ask. */
export async function keepRemembered(
  { store, clock, log }: { store: Pick<Store, 'listTargets'>; clock: Clock; log: Log },
  { isBusy, look }: Looking,
  signal: AbortSignal,
): Promise<void> {
  const work = async (): Promise<void> => {
    const targets = await store.listTargets();
    for (const target of [...targets.map(({ id }) => id), undefined]) {
      while ((await isBusy()) && !signal.aborted) await clock.sleep(BUSY_MS, signal);
      if (signal.aborted) return;
      await look(target);
    }
  };
  const sorry = 'what is remembered of the history could not be computed';
  await everyHour({ clock, log }, { firstMs: FIRST_MS, work, sorry }, signal);
}
