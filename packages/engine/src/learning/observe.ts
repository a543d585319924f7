import { age, createBelief, learn, type Belief, type Density } from './belief.js';
import { LOAD_CELLS, type RunLength } from './cells.js';
import { chirpDensity, readChirp, type ChirpFinding } from './chirp.js';
import { dispersion } from './dispersion.js';
import {
  chirpRule,
  effectiveCap,
  type ChirpObservation,
  type Clause,
  type Learner,
  type LearnerConfig,
  type ProbeObservation,
  type Tried,
} from './learner.js';
import { countTables } from './likelihood.js';
import { toCoordinate } from './scale.js';
import type { ChirpRule } from './stopping.js';

const DIFFUSION = 0.0012;
const JUMP = 2e-4;
const SURPRISE = Math.exp(-3);
/** An intensity that is invalid this often is beyond what the generator can send. */
const MOST_INVALID = 3;

/** What a chirp taught: the first belief, around the rate at which it began to hurt. */
export function observeChirp(learner: Learner, { blocks, onset, endedAtSeconds }: ChirpObservation): Learner {
  const { config } = learner;
  const rule = chirpRule(config);
  const finding = readChirp(blocks, onset, rule);
  const beliefs = beliefsAfter(config, finding, rule);
  return { ...learner, chirps: [...learner.chirps, finding], beliefs, at: endedAtSeconds };
}

function beliefsAfter(config: LearnerConfig, finding: ChirpFinding, rule: ChirpRule): Belief[] {
  const centre = toCoordinate(config.scale, finding.onset ?? finding.reached);
  return config.clauses.map((_, j) => beliefAround(config, j, { centre, density: chirpDensity(finding, j, rule) }));
}

function beliefAround(
  config: LearnerConfig,
  j: number,
  { centre, density }: { centre: number; density: Density },
): Belief {
  const clause = config.clauses[j] as Clause;
  const span = Math.log(8);
  return createBelief({
    from: centre - span,
    to: centre + span,
    allowedShare: clause.allowedShare,
    density,
    cells: config.cells ?? LOAD_CELLS,
  });
}

/** What a probe taught. An invalid probe teaches nothing. */
export function observe(learner: Learner, probe: ProbeObservation): Learner {
  const { config } = learner;
  if (probe.validity === 'invalid') return invalidated(learner, probe);
  if (learner.beliefs === null) return climbed(learner, probe);
  const one = triedOf(probe);
  const length: RunLength = {
    seconds: probe.stoppedEarly ? probe.plannedSeconds : probe.seconds,
    ratePerSecond: one.ratePerSecond,
    horizonSeconds: config.horizonSeconds,
  };
  const coordinate = offeredCoordinate(config, probe, one.ratePerSecond);
  const spread = DIFFUSION * Math.sqrt(Math.max(0, probe.startedAtSeconds - learner.at) + length.seconds);
  const beliefs = learner.beliefs.map((belief, j) => {
    const { n: seen, bad, allowedShare } = probe.clauses[j] as ProbeObservation['clauses'][number];
    const planned = probe.stoppedEarly ? Math.round((seen * probe.plannedSeconds) / probe.seconds) : seen;
    const sure = probe.stoppedEarly && bad > allowedShare * planned;
    const evidence = {
      n: sure ? planned : seen,
      bad,
      allowedShare,
      dispersion: dispersion(probe.blocks, j),
      atLeast: sure,
    };
    const tables = countTables(evidence, belief.cells, length);
    const elsewhere: Density = () => 1;
    const calm = learn(age(belief, { spread, jump: JUMP, elsewhere }), tables, { coordinate, length });
    if (calm.evidence > SURPRISE) return calm.belief;
    return learn(age(belief, { spread, jump: 30 * JUMP, elsewhere }), tables, { coordinate, length }).belief;
  });
  return { ...learner, beliefs, tried: [...learner.tried, one], at: probe.endedAtSeconds };
}

/** A climbing probe: the first that fails, or that holds at the cap, founds the belief, and the last three teach it. */
function climbed(learner: Learner, probe: ProbeObservation): Learner {
  const one = triedOf(probe);
  const climbing = [...learner.climbing, probe];
  const grown = { ...learner, climbing, tried: [...learner.tried, one], at: probe.endedAtSeconds };
  const { config } = learner;
  if (!one.failed && probe.intensity < effectiveCap(learner)) return grown;
  const top = toCoordinate(config.scale, probe.intensity);
  const held = learner.tried.at(-1)?.intensity ?? null;
  const bottom = held === null ? top - 2 : toCoordinate(config.scale, held) - 0.5;
  const density: Density = (x) =>
    (x < bottom ? Math.exp((x - bottom) / 0.3) : 1) *
    (one.failed && x > top + 0.1 ? Math.exp(-(x - top - 0.1) / 0.3) : 1);
  const beliefs = config.clauses.map((_, j) => beliefAround(config, j, { centre: top, density }));
  return climbing.slice(-3).reduce<Learner>((founded, each) => observe(founded, each), {
    ...grown,
    beliefs,
    tried: learner.tried.slice(0, climbing.length - Math.min(3, climbing.length)),
  });
}

/** An intensity that cannot be measured, tried three times, is where the search ends: the generator, not the target, sets it. */
function invalidated(learner: Learner, probe: ProbeObservation): Learner {
  const times = (learner.invalid.find((one) => one.intensity === probe.intensity)?.times ?? 0) + 1;
  const others = learner.invalid.filter((one) => one.intensity !== probe.intensity);
  const ceiling = times >= MOST_INVALID ? Math.min(learner.ceiling ?? Infinity, probe.intensity) : learner.ceiling;
  return {
    ...learner,
    invalid: [...others, { intensity: probe.intensity, times }],
    ceiling,
    at: probe.endedAtSeconds,
  };
}

/** Where the probe really was: random arrivals offered a little more or less than was asked for, and that is known. */
function offeredCoordinate(config: LearnerConfig, probe: ProbeObservation, ratePerSecond: number): number {
  const asked = config.offeredPerSecond(probe.intensity);
  const coordinate = toCoordinate(config.scale, probe.intensity);
  const proportional = asked !== null && Math.abs(asked / probe.intensity - 1) < 1e-9;
  if (!proportional || probe.stoppedEarly) return coordinate;
  return coordinate + Math.max(-0.1, Math.min(0.1, Math.log(ratePerSecond / asked)));
}

function triedOf(probe: ProbeObservation): Tried {
  const n = Math.max(...probe.clauses.map((clause) => clause.n));
  const excesses = probe.clauses.map(({ n: all, bad, allowedShare }) =>
    Math.log(Math.max(bad, 0.3) / Math.max(allowedShare * all, 1e-9)),
  );
  const worst = Math.max(...excesses);
  return {
    intensity: probe.intensity,
    seconds: probe.seconds,
    ratePerSecond: n / probe.seconds,
    worst,
    failed: probe.stoppedEarly || probe.clauses.some(({ n: all, bad, allowedShare }) => bad > allowedShare * all),
    endedAtSeconds: probe.endedAtSeconds,
  };
}
