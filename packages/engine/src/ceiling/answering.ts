import { Worker } from 'node:worker_threads';
import { HiveError, type Shape } from '@hive/contract';
import type { LoadOrder } from '../measuring.js';

/** Node on a `.ts` file cannot start a worker: from sources, the built one is taken. */
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/ceiling/answering-worker.js' : './answering-worker.js',
  import.meta.url,
);

/** The doctor's own target: threads that answer on loopback as cheaply as they can. */
export interface Answering {
  /** One node for each thread. */
  nodes(shape: Shape): LoadOrder['nodes'];
  close(): Promise<void>;
}

/** Starts this many answering threads on free ports. @throws HiveError `internal` when one cannot start. */
export async function startAnswering(threads: number): Promise<Answering> {
  const workers = Array.from({ length: threads }, () => new Worker(WORKER_URL, { name: 'hive-answering' }));
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  try {
    const ports = await Promise.all(workers.map(portsOf));
    return {
      nodes: (shape) =>
        ports.map((port) => ({ url: `${shape === 'tls' ? 'https' : 'http'}://127.0.0.1:${port[shape]}`, weight: 1 })),
      close,
    };
  } catch (cause) {
    await close();
    throw new HiveError('internal', `the answering side could not start: ${(cause as Error).message}`, { cause });
  }
}

function portsOf(worker: Worker): Promise<Record<Shape, number>> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.on('error', reject);
    worker.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
  });
}
