import { age, createBelief, learn, reaching, type Belief, type Density } from '../belief/belief.js';
import { loadCells, shallowCells, shapeCells, type Cell, type CellContext, type RunLength } from '../belief/cells.js';
import { beganTooHigh, capacityOf, chirpDensity, readChirp } from '../belief/chirp.js';
import {
  areApart,
  chirpRule,
  effectiveCap,
  type ChirpObservation,
  type Learner,
  type LearnerConfig,
  type ProbeObservation,
  type Tried,
} from './learner.js';
import type { Clause } from '../axis.js';
import { countTables } from '../belief/likelihood.js';
import { intervalOf, posteriorOf } from '../belief/posterior.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';
import { scatterLikelihood, tellingQuantile, weighedBelief } from '../belief/steadiness.js';
import {
  BELIEF_REACH,
  BELIEF_ROOM,
  CHANGE_ANYWHERE,
  CHANGE_PRIOR,
  CHANGE_SPREAD,
  CLIMB_ABOVE_FAILED,
  CLIMB_BELOW_HELD,
  CLIMB_EDGE,
  CLIMB_NOTHING_HELD,
  CLIMB_TEACHES,
  DAY_SPREAD,
  DIFFUSION,
  JUMP_CHANCE,
  LEAST_BAD,
  MOST_OFF_ASKED,
  SURPRISE,
  SURPRISED_JUMPS,
} from '../weights-of-belief.js';
import { LONG_RUN_REQUESTS, MOST_CHIRPS, MOST_INVALID, RESTART_ABOVE_FLOOR, SECONDS_SLACK } from '../weights.js';

/** What a chirp taught: the first belief, around the rate at which the objectives first broke. */
export function observeChirp(learner: Learner, chirp: ChirpObservation): Learner {
  const { config } = learner;
  const rule = chirpRule(config);
  const finding = readChirp(chirp, rule);
  const looked = { ...learner, chirps: [...learner.chirps, finding], at: chirp.endedAtSeconds };
  if (
    !chirp.closed &&
    beganTooHigh(finding) &&
    finding.began > RESTART_ABOVE_FLOOR * config.floor &&
    learner.chirps.length < MOST_CHIRPS - 1
  )
    return looked;
  const about = Math.max(capacityOf(finding, rule.gentle), 1e-3);
  const place = { about, ratePerSecond: about, refuses: finding.refuses };
  const beliefs = config.clauses.map((_, j) =>
    beliefAround(config, j, {
      ...place,
      restSeconds: chirp.restSeconds[j] ?? null,
      density: chirpDensity(finding, j, rule),
    }),
  );
  return { ...looked, beliefs, times: [], steadiness: null };
}

interface Place {
  /** The intensity in whose midst the grid lies. */
  about: number;
  ratePerSecond: number;
  restSeconds: number | null;
  refuses: boolean | null;
  density: Density;
}

function beliefAround(config: LearnerConfig, j: number, place: Place): Belief {
  const { allowedShare, latencySeconds } = config.clauses[j] as Clause;
  const center = toCoordinate(config.scale, place.about);
  return createBelief({
    from: center - BELIEF_REACH,
    to: center + BELIEF_REACH,
    allowedShare,
    density: place.density,
    cells: cellsOf(config, { ...place, allowedShare, latencySeconds, horizonSeconds: config.horizonSeconds }),
  });
}

function cellsOf({ badness }: LearnerConfig, context: CellContext): Cell[] {
  if (badness === 'load') return loadCells(context);
  return badness === 'slow' ? shallowCells() : shapeCells(context.ratePerSecond);
}

/**
 * A new session begins. The target may have been changed since: with a chance that is learned from the sessions so far
 * ((1 + changes) ÷ (7 + sessions), a Beta prior), its limit lies somewhere about the old one. What the generator could not do is forgotten.
 */
export function resume(learner: Learner): Learner {
  const { config, beliefs, past } = learner;
  // What held is seen again before it counts; what broke counts for as long as the target is the same.
  const holds = learner.holds.filter(({ outcome }) => outcome === 'broke');
  const fresh = {
    ...learner,
    invalid: [],
    ceiling: null,
    spoiled: 0,
    climbing: [],
    at: 0,
    times: [],
    holds,
    steadiness: null,
  };
  if (beliefs === null) return fresh;
  const interval = intervalOf(posteriorOf(beliefs));
  const ends = [
    ...past,
    { low: fromCoordinate(config.scale, interval.low), high: fromCoordinate(config.scale, interval.high) },
  ];
  const changes = ends.filter((end, i) => {
    const before = ends[i - 1];
    return before !== undefined && areApart(before, end);
  }).length;
  const elsewhere = (x: number): number => Math.exp(-Math.abs(x - interval.middle) / CHANGE_SPREAD) + CHANGE_ANYWHERE;
  return {
    ...fresh,
    past: ends,
    // How steady it was on another day is forgotten: it would add up from session to session, and no later one could undo it.
    beliefs: beliefs.map((belief) =>
      age(
        reaching(
          weighedBelief(belief, learner.steadiness, null),
          interval.middle - BELIEF_ROOM,
          interval.middle + BELIEF_ROOM,
        ),
        {
          spread: DAY_SPREAD,
          jump: (CHANGE_PRIOR.changes + changes) / (CHANGE_PRIOR.sessions + ends.length),
          elsewhere,
        },
      ),
    ),
  };
}

/** What a probe taught. An invalid probe teaches nothing. */
export function observe(learner: Learner, probe: ProbeObservation): Learner {
  const { config } = learner;
  if (probe.validity === 'invalid') return invalidated(learner, probe);
  if (learner.beliefs === null) return climbed(learner, probe);
  const one = triedOf(learner, probe);
  const length: RunLength = {
    seconds: probe.stoppedEarly ? probe.plannedSeconds : probe.seconds,
    warmupSeconds: probe.warmupSeconds,
    ratePerSecond: one.ratePerSecond,
    horizonSeconds: config.horizonSeconds,
  };
  const coordinate = toCoordinate(config.scale, one.offered);
  const spread = DIFFUSION * Math.sqrt(Math.max(0, probe.startedAtSeconds - learner.at) + length.seconds);
  const beliefs = learner.beliefs.map((narrow, j) => {
    // Room for the limit to lie far beyond what was tried.
    const belief = reaching(narrow, coordinate - BELIEF_ROOM, coordinate + BELIEF_ROOM);
    const { n: seen, bad, allowedShare, atLeast = false } = probe.clauses[j] as ProbeObservation['clauses'][number];
    const planned = probe.stoppedEarly ? Math.round((seen * probe.plannedSeconds) / probe.seconds) : seen;
    const sure = probe.stoppedEarly && bad > allowedShare * planned;
    const evidence = {
      n: sure ? planned : seen,
      bad,
      allowedShare,
      atLeast: sure || atLeast,
    };
    const tables = countTables(evidence, belief.cells, length);
    const elsewhere = (): number => 1;
    const calm = learn(age(belief, { spread, jump: JUMP_CHANCE, elsewhere }), tables, { coordinate, length });
    if (calm.evidence > SURPRISE) return calm.belief;
    return learn(age(belief, { spread, jump: SURPRISED_JUMPS * JUMP_CHANCE, elsewhere }), tables, {
      coordinate,
      length,
    }).belief;
  });
  return steadied({ ...learner, beliefs, tried: [...learner.tried, one], at: probe.endedAtSeconds }, probe);
}

/** What the response times tell of how steady the target is. A run that was cut short because it failed tells of no steady load. */
function steadied(learner: Learner, probe: ProbeObservation): Learner {
  const { config, beliefs, tried, steadiness: before } = learner;
  const { took, stoppedEarly, seconds, warmupSeconds } = probe;
  if (config.badness !== 'load' || beliefs === null || took === null || stoppedEarly) return learner;
  const intensity = (tried.at(-1) as Tried).offered;
  const { name, share } = tellingQuantile(config.clauses);
  const run = { intensity, requests: took.requests, seconds: seconds + warmupSeconds, time: took[name] };
  const times = [...learner.times, run];
  const limit = fromCoordinate(config.scale, intervalOf(posteriorOf(beliefs)).middle);
  const now = scatterLikelihood(times, { limit, share });
  return { ...learner, times, steadiness: now, beliefs: beliefs.map((belief) => weighedBelief(belief, before, now)) };
}

/** A climbing probe: the first that fails, or that holds at the cap, founds the belief, and the last three teach it. */
function climbed(learner: Learner, probe: ProbeObservation): Learner {
  const one = triedOf(learner, probe);
  const climbing = [...learner.climbing, probe];
  const grown = { ...learner, climbing, tried: [...learner.tried, one], at: probe.endedAtSeconds };
  const { config } = learner;
  if (!one.failed && probe.intensity < effectiveCap(learner)) return grown;
  const top = toCoordinate(config.scale, probe.intensity);
  const held = learner.tried.at(-1)?.intensity ?? null;
  const bottom = held === null ? top - CLIMB_NOTHING_HELD : toCoordinate(config.scale, held) - CLIMB_BELOW_HELD;
  const density: Density = (x) =>
    (x < bottom ? Math.exp((x - bottom) / CLIMB_EDGE) : 1) *
    (one.failed && x > top + CLIMB_ABOVE_FAILED ? Math.exp(-(x - top - CLIMB_ABOVE_FAILED) / CLIMB_EDGE) : 1);
  const place: Place = {
    about: probe.intensity,
    ratePerSecond: one.ratePerSecond,
    restSeconds: null,
    refuses: null,
    density,
  };
  const beliefs = config.clauses.map((_, j) => beliefAround(config, j, place));
  return climbing.slice(-CLIMB_TEACHES).reduce<Learner>((founded, each) => observe(founded, each), {
    ...grown,
    beliefs,
    tried: learner.tried.slice(0, climbing.length - Math.min(CLIMB_TEACHES, climbing.length)),
  });
}

/** A run that something beside the target and the generator spoiled: of the limit it says nothing. */
export function observeSpoiled(learner: Learner, probe: ProbeObservation): Learner {
  return { ...learner, spoiled: learner.spoiled + 1, at: probe.endedAtSeconds };
}

/** An intensity that the generator cannot send, tried three times, is where the search ends: the generator, not the target, sets it. */
function invalidated(learner: Learner, probe: ProbeObservation): Learner {
  if (!probe.isCeiling) return observeSpoiled(learner, probe);
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

/** Where the probe really was, as far as its arrivals tell: no more than 10 % from what was asked for. */
function offeredBy(
  config: LearnerConfig,
  { intensity, stoppedEarly }: ProbeObservation,
  ratePerSecond: number,
): number {
  const asked = config.offeredPerSecond(intensity);
  const proportional = asked !== null && Math.abs(asked / intensity - 1) < 1e-9;
  if (!proportional || stoppedEarly) return intensity;
  return intensity * Math.exp(Math.max(-MOST_OFF_ASKED, Math.min(MOST_OFF_ASKED, Math.log(ratePerSecond / asked))));
}

function triedOf({ config, past, epoch }: Learner, probe: ProbeObservation): Tried {
  const n = Math.max(...probe.clauses.map((clause) => clause.n));
  // A clause that was not counted says nothing.
  const excesses = probe.clauses
    .filter((clause) => clause.n > 0)
    .map(({ n: all, bad, allowedShare }) => Math.log(Math.max(bad, LEAST_BAD) / Math.max(allowedShare * all, 1e-9)));
  const worst = excesses.length > 0 ? Math.max(...excesses) : 0;
  const ratePerSecond = n / probe.seconds;
  const times = Math.max(probe.seconds, config.horizonSeconds) / probe.seconds;
  return {
    intensity: probe.intensity,
    offered: offeredBy(config, probe, ratePerSecond),
    seconds: probe.seconds,
    ratePerSecond,
    worst,
    failed: probe.stoppedEarly || probe.clauses.some(({ n: all, bad, allowedShare }) => bad > allowedShare * all),
    isValid: probe.validity === 'valid',
    worstWindow: worstWindow(config, probe),
    surelyBroke: probe.clauses.some(({ n: all, bad, allowedShare }) => bad > allowedShare * all * times),
    endedAtSeconds: probe.endedAtSeconds,
    endedAtEpoch: epoch + probe.endedAtSeconds,
    session: past.length,
  };
}

/** The worst of all stretches as long as the horizon, wherever they begin: what comes less often than that shows in some of them alone. */
function worstWindow({ horizonSeconds, clauses }: LearnerConfig, { blocks }: ProbeObservation): number | null {
  let worst: number | null = null;
  const sum = { seconds: 0, n: 0, bad: clauses.map(() => 0) };
  let from = 0;
  for (const block of blocks) {
    sum.seconds += block.seconds;
    sum.n += block.n;
    for (const [j, bad] of block.bad.entries()) sum.bad[j] = (sum.bad[j] ?? 0) + bad;
    if (sum.seconds < horizonSeconds - SECONDS_SLACK) continue;
    for (const [j, { allowedShare }] of clauses.entries()) {
      const allowed = allowedShare * sum.n;
      if (allowed < LONG_RUN_REQUESTS) continue;
      worst = Math.max(worst ?? -Infinity, Math.log(Math.max(sum.bad[j] ?? 0, LEAST_BAD) / allowed));
    }
    while (sum.seconds >= horizonSeconds - SECONDS_SLACK) {
      const first = blocks[from] as ProbeObservation['blocks'][number];
      sum.seconds -= first.seconds;
      sum.n -= first.n;
      for (const [j, bad] of first.bad.entries()) sum.bad[j] = (sum.bad[j] ?? 0) - bad;
      from += 1;
    }
  }
  return worst;
}
