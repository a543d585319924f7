/** A service all of whose requests take longer, and the limit that it then has. */
import { truths } from './known-truths.mjs';
import { serviceOf } from './named.mjs';
import { fails, refitted } from './truth.mjs';

const HORIZON_SECONDS = 30;
const RUNS_A_LOAD = 40;
/** Where runs are made, in scales of the limit that is known. */
const PLACES = [-2, -0.7, 0.7, 2, 3.3];
/** No seed of a session is used for them. */
const FRESH_SEEDS = 7e8;

/** Its limit is about as much lower as its requests take longer: runs around that place tell where it is. */
export async function slowerTruth(name, longer) {
  const definition = slowed(serviceOf(name), longer);
  const { l50, scale } = truths[name]['30'];
  const loads = [];
  for (const [index, place] of PLACES.entries()) {
    const intensity = (l50 / longer) * Math.exp(place * scale);
    let failed = 0;
    for (let run = 0; run < RUNS_A_LOAD; run += 1) {
      const fresh = { seed: FRESH_SEEDS + index * RUNS_A_LOAD + run, intensity, seconds: HORIZON_SECONDS };
      if (await fails(definition, fresh)) failed += 1;
    }
    loads.push([intensity, failed, RUNS_A_LOAD]);
  }
  return refitted({ loads }).l50;
}

/** The same service, each request of which takes longer. */
export function slowed(definition, longer) {
  return {
    ...definition,
    guess: definition.guess / longer,
    make(how) {
      const law = definition.make(how);
      return 'speed' in law
        ? { ...law, speed: (count) => law.speed(count) / longer }
        : { ...law, serviceMs: (...given) => longer * law.serviceMs(...given) };
    },
  };
}
