/** Computes the truths and keeps them in bench/results/learning-truth.json. Usage: node truths.mjs [--runs 500] [--only NAME] [--seconds 30,300] */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { SERVICES } from './services.mjs';
import { findTruth } from './truth.mjs';

function say(text) {
  process.stdout.write(`${text}\n`);
}

const file = fileURLToPath(new URL('../results/learning-truth.json', import.meta.url));

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '500' },
      only: { type: 'string' },
      seconds: { type: 'string', default: '30,300' },
    },
  });
  const names = Object.keys(SERVICES).filter((name) => !values.only || name.includes(values.only));
  const jobs = values.seconds.split(',').flatMap((seconds) =>
    names.map((name) => ({
      name,
      seconds: +seconds,
      runs: +seconds > 60 ? Math.round(+values.runs / 3) : +values.runs,
    })),
  );
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  await Promise.all(
    [0, 1, 2].map(async () => {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        const began = Date.now();
        const truth = await new Promise((resolve, reject) => {
          const worker = new Worker(fileURLToPath(import.meta.url), { workerData: job });
          worker.on('message', resolve);
          worker.on('error', reject);
        });
        (known[job.name] ??= {})[job.seconds] = truth;
        writeFileSync(file, JSON.stringify(known, null, 1) + '\n');
        const shares = truth.loads.map(([, failed, runs]) => (failed / runs).toFixed(2)).join(' ');
        const { l50, scale } = truth;
        say(
          `${job.name} ${job.seconds} s ${l50.toFixed(1)} scale ${scale.toFixed(4)} ${shares} ${Date.now() - began} ms`,
        );
      }
    }),
  );
} else {
  parentPort.postMessage(findTruth(SERVICES[workerData.name], workerData));
}
