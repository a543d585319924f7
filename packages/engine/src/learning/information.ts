import { GRID_STEP, marginal, type Belief } from './belief.js';
import { badShare, durationShift, runScatter, type Cell, type RunLength } from './cells.js';
import { logit, normalBelow } from './scale.js';

/** One guess at the truth, drawn evenly from the belief. */
export interface Particle {
  coordinate: number;
  cell: Cell;
}

const STRATA = 16;
const EACH = 12;
/** Borders of the four outcomes, in log-odds of the bad share above the allowed one. */
const BORDERS: readonly number[] = [-1, 0, 1];
const SCATTER_NODES: readonly number[] = [-1.28, -0.52, 0, 0.52, 1.28];

/** Evenly spaced draws from the belief, in the order of their limits: STRATA groups of EACH. Deterministic. */
export function particlesOf(belief: Belief): Particle[] {
  const { size, cells, mass, from } = belief;
  const masses = marginal(belief);
  const count = STRATA * EACH;
  const particles: Particle[] = [];
  let before = 0;
  for (let i = 0; i < size && particles.length < count; i += 1) {
    const own = masses[i] as number;
    // The draws that fall on this grid point pick their cells evenly from those that are probable there.
    while (particles.length < count && (particles.length + 0.5) / count < before + own) {
      const place = particles.length;
      const draw = ((place * 0.618034) % 1) * own;
      let sum = 0;
      let c = 0;
      while (c < cells.length - 1 && (sum += mass[c * size + i] as number) < draw) c += 1;
      particles.push({ coordinate: from + i * GRID_STEP, cell: cells[c] as Cell });
    }
    before += own;
  }
  return particles;
}

/**
 * Information (nats) that the outcome of a probe is expected to give about the limit: mutual information of the stratum of the limit and
 * the outcome, in four bins (Lindley 1956), and what is expected to be bad.
 */
export function expectedInformation(
  particles: readonly Particle[],
  probe: { coordinate: number; allowedShare: number; length: RunLength },
): { information: number; badShare: number } {
  const overall = new Float64Array(BORDERS.length + 1);
  let conditional = 0;
  let bad = 0;
  for (let s = 0; s * EACH < particles.length; s += 1) {
    const group = particles.slice(s * EACH, (s + 1) * EACH);
    const outcome = new Float64Array(BORDERS.length + 1);
    for (const particle of group) bad += outcomes(outcome, particle, probe) / particles.length;
    for (let o = 0; o < outcome.length; o += 1) {
      const chance = (outcome[o] as number) / group.length;
      overall[o] = (overall[o] as number) + (outcome[o] as number) / particles.length;
      if (chance > 0) conditional -= (chance * Math.log(chance) * group.length) / particles.length;
    }
  }
  const entropy = overall.reduce((sum, chance) => (chance > 0 ? sum - chance * Math.log(chance) : sum), 0);
  return { information: Math.max(0, entropy - conditional), badShare: bad };
}

/** Adds the chance of each outcome under one particle; returns its expected bad share. */
function outcomes(
  into: Float64Array,
  { coordinate, cell }: Particle,
  probe: { coordinate: number; allowedShare: number; length: RunLength },
): number {
  const { allowedShare, length } = probe;
  const n = Math.max(1, length.ratePerSecond * length.seconds);
  const scatter = runScatter(cell, length);
  const u = probe.coordinate - coordinate - durationShift(cell, length);
  let bad = 0;
  for (const node of SCATTER_NODES) {
    const p = badShare(cell, allowedShare, u + node * scatter);
    bad += p / SCATTER_NODES.length;
    // Noise of the log-odds of a quasi-binomial share with φ ≈ 1.5.
    const noise = Math.sqrt(1.5 / (n * Math.max(p * (1 - p), 0.3 / n)));
    const centre = logit(p) - logit(allowedShare);
    let before = 0;
    for (let o = 0; o < BORDERS.length; o += 1) {
      const below = normalBelow(((BORDERS[o] as number) - centre) / noise);
      into[o] = (into[o] as number) + (below - before) / SCATTER_NODES.length;
      before = below;
    }
    into[BORDERS.length] = (into[BORDERS.length] as number) + (1 - before) / SCATTER_NODES.length;
  }
  return bad;
}
