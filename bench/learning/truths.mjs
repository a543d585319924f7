/**
 * Computes the truths and keeps them in bench/results/learning-truth.json; what is known already stays.
 * Usage: node bench/learning/truths.mjs [--runs 500] [--only NAME] [--generated 1-120] [--family periodic] [--seconds 30,300] [--anew | --refit]
 * `--refit`: only fits the curve again to the runs that were made.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { namesOf, serviceOf } from './named.mjs';
import { findCurve, findTruth, refitted } from './truth.mjs';

const file = fileURLToPath(new URL('../results/learning-truth.json', import.meta.url));

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '500' },
      only: { type: 'string' },
      generated: { type: 'string' },
      family: { type: 'string' },
      seconds: { type: 'string', default: '30,300' },
      anew: { type: 'boolean', default: false },
      refit: { type: 'boolean', default: false },
    },
  });
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (values.refit) {
    for (const lengths of Object.values(known))
      for (const [seconds, truth] of Object.entries(lengths))
        if (truth.scale !== undefined) lengths[seconds] = refitted(truth);
    writeFileSync(file, shown(known));
  }
  const jobs = (values.refit ? [] : namesOf(values)).flatMap((name) =>
    values.seconds
      .split(',')
      .filter((seconds) => values.anew || known[name]?.[seconds] === undefined)
      // A long run says more, and costs more.
      .map((seconds) => ({ name, seconds: +seconds, runs: Math.round(+values.runs / (+seconds > 60 ? 3 : 1)) })),
  );
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        const began = Date.now();
        const truth = await inThread(job);
        (known[job.name] ??= {})[job.seconds] = truth;
        writeFileSync(file, shown(known));
        const shares = truth.loads.map(([, failed, runs]) => (failed / runs).toFixed(2)).join(' ');
        const { l50, l10, l90, scale } = truth;
        const width = scale === undefined ? `${l10.toFixed(1)}–${l90.toFixed(1)}` : `scale ${scale.toFixed(4)}`;
        process.stdout.write(
          `${job.name} ${job.seconds} s ${l50.toFixed(1)} ${width} ${shares} ${Date.now() - began} ms\n`,
        );
      }
    }),
  );
} else {
  const definition = serviceOf(workerData.name);
  parentPort.postMessage(await (definition.family ? findCurve : findTruth)(definition, workerData));
}

function inThread(job) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: job });
    worker.on('message', resolve);
    worker.on('error', reject);
  });
}

/** A line for each service and length. */
function shown(known) {
  const services = Object.entries(known).map(([name, lengths]) => {
    const lines = Object.entries(lengths).map(
      ([seconds, truth]) => `  "${seconds}": ${JSON.stringify(rounded(truth))}`,
    );
    return ` ${JSON.stringify(name)}: {\n${lines.join(',\n')}\n }`;
  });
  return `{\n${services.join(',\n')}\n}\n`;
}

function rounded({ loads, ...found }) {
  const figure = (value) => Number(value.toPrecision(6));
  return {
    ...Object.fromEntries(Object.entries(found).map(([name, value]) => [name, figure(value)])),
    loads: loads.map(([x, ...counts]) => [figure(x), ...counts]),
  };
}
