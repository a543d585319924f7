/** The true limits that truths.mjs kept, and those of a service that wanders while a session measured it. */
import { readFileSync } from 'node:fs';

/** By service, then by the seconds of a run: what truth.mjs found. */
export const truths = JSON.parse(readFileSync(new URL('../results/learning-truth.json', import.meta.url), 'utf8'));

/** The limit of a wandering service as it was during a session, or in its last `seconds`; null: it does not wander, but has one limit. */
export function truthThen({ still }, { meanSpeed }, seconds = Infinity) {
  return still === undefined ? null : truths[still]['30'].l50 * meanSpeed(1_000 * seconds);
}
