/** Spreads jobs over threads that run the same file and answer each message with one result. */
import { Worker } from 'node:worker_threads';

/** Results in the order in which they came. `settings`: what each thread is given as workerData. */
export async function inThreads(url, jobs, { settings, threads }) {
  const results = [];
  let next = 0;
  await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(new URL(url), { workerData: settings });
          const give = () => (next < jobs.length ? worker.postMessage(jobs[next++]) : (worker.terminate(), resolve()));
          worker.on('message', (result) => (results.push(result), give()));
          worker.on('error', reject);
          give();
        }),
    ),
  );
  return results;
}
