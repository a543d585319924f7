/** Spreads jobs over threads that run the same file and answer each message with one result. */
import { parentPort, Worker } from 'node:worker_threads';

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

/** In a thread: answers each job with what `work` makes of it. A job that fails ends the thread, and with it the benchmark. */
export function answerJobs(work) {
  const answer = async (job) => parentPort.postMessage(await work(job));
  parentPort.on('message', (job) => {
    void answer(job);
  });
}

/** One job for each seed and service, seed by seed; `first` and `seeds` as they were given on the command line. */
export function sessionJobs(names, { first, seeds }) {
  return Array.from({ length: +seeds }, (_, i) => names.map((name) => ({ name, seed: +first + i }))).flat();
}

/** What some work gave, and what it cost: seconds by the clock and of processor time, all threads together. */
export async function usedCpu(work) {
  const began = performance.now();
  const before = process.cpuUsage();
  const results = await work();
  const { user, system } = process.cpuUsage(before);
  const cost = {
    seconds: Math.round((performance.now() - began) / 1_000),
    cpuSeconds: Math.round((user + system) / 1e6),
  };
  return { results, cost };
}
