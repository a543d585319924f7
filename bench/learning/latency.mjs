/**
 * How true the predicted response times are, in virtual time: after a session with each service, runs of 30 s at five parts of its true limit are
 * foretold and then made. Usage: node bench/learning/latency.mjs [--seeds 20] [--first 1] [--only NAME]. Needs `npx tsc -b packages/engine`.
 */
import { parseArgs } from 'node:util';
import { latencyCurve } from '../../packages/engine/dist/learning/limit/latency.js';
import { truths } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { Session, warmupOf } from './runner.mjs';
import { learner } from './searches.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
    only: { type: 'string' },
    generated: { type: 'string' },
  },
});
const PARTS = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9];
const SECONDS = 30;

/** What one session lets foretell, against a fresh run each. */
function one(name, seed) {
  const definition = serviceOf(name);
  const session = new Session(definition, seed * 101 + 7);
  const points = [];
  const trace = (step, _state, seen) => {
    if (step.action === 'chirp') points.push(...session.chirps.at(-1).levels);
    if (step.action === 'probe') points.push({ intensity: step.intensity, ...seen.took });
  };
  const { limit } = learner(session, { trace });
  if (limit.estimate === null) return [];
  const began = performance.now();
  const curve = latencyCurve(points, limit.estimate);
  const cpuMs = performance.now() - began;
  if (curve === null) return [];
  return PARTS.map((part) => {
    const intensity = part * truths[name]['30'].l50;
    const fresh = new Session(definition, seed * 7_919 + Math.round(part * 100));
    definition.warm?.(fresh.service);
    const { took } = fresh.probe({ intensity, warmupSeconds: warmupOf(definition.clauses), seconds: SECONDS });
    return { part, cpuMs, took, foretold: curve({ intensity, requests: intensity * SECONDS }) };
  });
}

const QUANTILES = ['p50', 'p95', 'p99'];
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
for (const name of namesOf(values).filter((each) => truths[each]?.['30'] !== undefined)) {
  const runs = Array.from({ length: +values.seeds }, (_, i) => one(name, +values.first + i)).flat();
  const inside = (list) =>
    `${((100 * list.filter(({ took, band }) => band.low <= took && took <= band.high).length) / list.length).toFixed(0).padStart(3)} %`;
  const of = (quantile, some) => some.map(({ took, foretold }) => ({ took: took[quantile], band: foretold[quantile] }));
  const all = QUANTILES.flatMap((quantile) => of(quantile, runs));
  const width = median(all.map(({ band }) => 50 * Math.log(band.high / band.low)));
  const off = median(all.map(({ took, band }) => Math.abs(100 * Math.log(band.estimate / took))));
  const byPart = PARTS.map((part) =>
    inside(
      QUANTILES.flatMap((q) =>
        of(
          q,
          runs.filter((run) => run.part === part),
        ),
      ),
    ),
  );
  process.stdout.write(
    `${name.padEnd(30)} inside ${inside(all)} (${QUANTILES.map((q) => `${q} ${inside(of(q, runs))}`).join(', ')}) by part ${byPart.join(' ')} band ±${width?.toFixed(0)} % off ${off?.toFixed(1)} % fit ${median(runs.map(({ cpuMs }) => cpuMs))?.toFixed(0)} ms\n`,
  );
}
