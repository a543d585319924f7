import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** One request as the server saw it, on the server's clock. */
export interface Logged {
  cameMs: number;
  /** From its coming to the writing of its answer. */
  tookMs: number;
}

export interface LoggingServer {
  url: string;
  /** Every answered request in the order of its coming; the log starts again. */
  takeLog(): Promise<Logged[]>;
  close(): Promise<unknown>;
}

/**
 * Starts a server that answers its requests after the `delaysMs`, in turn. With `freeze` it answers nothing for a while: what comes then,
 * or was not yet answered, is worked on afterwards.
 */
export async function startLoggingServer(options: {
  delaysMs: readonly number[];
  freeze?: { afterMs: number; forMs: number };
}): Promise<LoggingServer> {
  const worker = new Worker(new URL('./logging-server.mjs', import.meta.url), {
    workerData: { delays: options.delaysMs, freeze: options.freeze },
  });
  const [{ port }] = (await once(worker, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    async takeLog() {
      worker.postMessage('log', []);
      const [{ log }] = (await once(worker, 'message')) as [{ log: Logged[] }];
      return log;
    },
    close: () => worker.terminate(),
  };
}
