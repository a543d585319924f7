import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { hubJwt, type FleetKeys } from '../keys/fleet-keys.js';
import type { Beating } from './heart-worker.js';

/** Node on a `.ts` file cannot start a worker: from sources, the built one is taken. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/hub/heart-worker.js' : './heart-worker.js',
  import.meta.url,
);

/** Lets the load generators of a run hear the hub. */
export interface Heart {
  beat(of: Beating): void;
  close(): Promise<void>;
}

/** @throws the worker's error when it cannot connect. */
export async function startHeart({ keys, url }: { keys: FleetKeys; url: string }): Promise<Heart> {
  const worker = new Worker(WORKER_URL, {
    name: 'hive-fleet',
    workerData: { url, jwt: hubJwt(keys), seed: keys.hubSeed },
  });
  await once(worker, 'message');
  worker.unref();
  // Load generators stop by themselves when the heart does.
  worker.on('error', () => undefined);
  return {
    beat: (of) => worker.postMessage(of, []),
    async close() {
      await worker.terminate();
    },
  };
}
