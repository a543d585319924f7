import { parentPort, workerData } from 'node:worker_threads';
import { connectFleet, toBytes } from '../joining/connection.js';
import { beeSubject } from '../keys/subjects.js';
import { BEAT_MS } from '../wire/messages.js';

// On a thread of its own, so that load generators hear the hub also while its other thread is busy.

/** What the thread is told: in which runs which load generators take part. */
export interface Beating {
  run: string;
  /** Empty: the run is over. */
  bees: readonly string[];
}

const { url, jwt, seed } = workerData as { url: string; jwt: string; seed: string };
const connection = await connectFleet({ url, name: 'hub, heartbeats', jwt: () => jwt, seed });
const runs = new Map<string, { subjects: string[]; beat: Uint8Array }>();
let beating: NodeJS.Timeout | undefined;

function beatAll(): void {
  for (const { subjects, beat } of runs.values()) for (const subject of subjects) connection.publish(subject, beat);
}

parentPort?.on('message', ({ run, bees }: Beating) => {
  if (bees.length === 0) runs.delete(run);
  else runs.set(run, { subjects: bees.map((id) => beeSubject(id, 'beat')), beat: toBytes({ run }) });
  beatAll();
  clearInterval(beating);
  // Between runs nobody waits for it.
  beating = runs.size === 0 ? undefined : setInterval(beatAll, BEAT_MS);
});
parentPort?.postMessage('ready');
