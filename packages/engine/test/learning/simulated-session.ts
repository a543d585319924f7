import { noCounts, type Evidence, type Kind, type Limit } from '@hive/contract';
import { certainFailure } from '../../src/judging/early-stop.js';
import type { Stretch } from '../../src/judging/facts.js';
import { beliefPolicy } from '../../src/learning/search/belief-policy.js';
import type { Axis, LearnedResult } from '../../src/learning/axis.js';
import type { Choice } from '../../src/learning/search/policy.js';
import { chirpHurts, type ChirpBlock } from '../../src/learning/belief/stopping.js';
import { createRandom, type Random } from '../../src/random.js';

/** A service without queue: the chance that a request is bad depends on the intensity alone, and drifts a little from run to run. */
export interface SimulatedService {
  /** Where p* of the requests are bad. */
  limit: number;
  /** How steeply the log-odds of a bad request rise, per ln intensity. */
  steepness: number;
  /** Standard deviation of ln limit from run to run. */
  scatter: number;
  /** What its limit is after a minute of load; absent: the same. */
  tiresTo?: number;
  /** Bad requests are refused, which breaks every clause, or late, which breaks none about errors. Default: each clause has its own. */
  badFor?: 'refused' | 'late';
}

export interface SessionEnd {
  results: LearnedResult[];
  limit: Limit;
  reason: string;
  seconds: number;
  choices: Exclude<Choice, { action: 'finish' }>[];
}

const BLOCK_SECONDS = 0.5;
const START = Date.parse('2026-01-01T00:00:00.000Z');

/** One session of the policy against a service, in virtual time. `history`: what earlier sessions left, oldest first. */
export function simulateSession(from: {
  axis: Axis;
  service: SimulatedService;
  seed: number;
  history?: readonly LearnedResult[];
  sessionId?: string;
  budgetSeconds?: number;
  precision?: number;
  holdSeconds?: number;
  /** What each run takes beyond its plan. */
  drainSeconds?: number;
}): SessionEnd {
  const { axis, service, history = [], sessionId = 'first', budgetSeconds = 600, precision = 0.05, holdSeconds } = from;
  const { drainSeconds = 0.1 } = from;
  const random = createRandom(from.seed);
  const startMs = history.length === 0 ? START : Date.parse((history.at(-1) as LearnedResult).at) + 3_600_000;
  const results: LearnedResult[] = [];
  const choices: SessionEnd['choices'] = [];
  const before = new Map<Kind, readonly LearnedResult[]>([[axis.kind, history]]);
  let seconds = 0;
  for (;;) {
    const budgetLeftMs = (budgetSeconds - seconds) * 1_000;
    const choice = beliefPolicy.choose({
      axes: [axis],
      results,
      history: before,
      budgetLeftMs,
      precision,
      ...(holdSeconds === undefined ? {} : { holdSeconds }),
    });
    if (choice.action === 'finish') {
      const limit = beliefPolicy.limit(axis, [...history, ...results]);
      return { results, limit, reason: choice.reason, seconds, choices };
    }
    choices.push(choice);
    const at = new Date(startMs + seconds * 1_000).toISOString();
    const run =
      choice.action === 'chirp' ? chirp(choice, { axis, service, random }) : probe(choice, { axis, service, random });
    seconds += run.seconds + drainSeconds;
    results.push(resultOf(choice, run, { axis, sessionId, at }));
  }
}

interface Run {
  evidence: Evidence;
  seconds: number;
  failed: boolean;
}
/** Requests of half a second, and those of them that were bad for each clause. */
type Block = Pick<ChirpBlock, 'n' | 'bad'>;

function stretchOf({ clauses }: Axis): (block: Block, index: number) => Stretch {
  return ({ n, bad }, index) => {
    const badWhere = (isError: boolean): number[] =>
      clauses.flatMap(({ latencySeconds }, j) => ((latencySeconds === null) === isError ? [bad[j] as number] : []));
    return {
      endMs: (index + 1) * BLOCK_SECONDS * 1_000,
      seconds: BLOCK_SECONDS,
      counts: { ...noCounts(), planned: n, sent: n, answered: n, good: n - Math.max(0, ...badWhere(true)) },
      bad: badWhere(false),
      meanMs: null,
    };
  };
}

interface Against {
  axis: Axis;
  service: SimulatedService;
  random: Random;
}

function probe({ intensity, warmupMs, durationMs }: Extract<Choice, { action: 'probe' }>, against: Against): Run {
  const { axis, service, random } = against;
  // What counts for the worst node follows what counts for all, and breaks with it. A share of hits ends no run early.
  const objectives = axis.clauses
    .map(({ expression }) => expression)
    .filter((one) => !one.includes(' on ') && !one.startsWith('hit share'));
  const shift = service.scatter * normal(random);
  const blocks: Block[] = [];
  const plannedSeconds = durationMs / 1_000;
  let endedEarly = false;
  while (blocks.length * BLOCK_SECONDS < plannedSeconds && !endedEarly) {
    const n = Math.max(1, Math.round((axis.offeredPerSecond(intensity) ?? intensity) * BLOCK_SECONDS));
    const tired = blocks.length * BLOCK_SECONDS > 60 ? (service.tiresTo ?? service.limit) : service.limit;
    blocks.push({ n, bad: badOf({ axis, service: { ...service, limit: tired }, random }, { n, intensity, shift }) });
    const planned = ((blocks[0]?.n ?? 0) * plannedSeconds) / BLOCK_SECONDS;
    endedEarly = certainFailure(objectives, blocks.map(stretchOf(axis)), planned) !== null;
  }
  const clauses = axis.clauses.map(({ expression, allowedShare }, j) => ({
    expression,
    allowedShare,
    planned: blocks.reduce((sum, block) => sum + block.n, 0),
    bad: blocks.reduce((sum, block) => sum + (block.bad[j] ?? 0), 0),
  }));
  return {
    evidence: {
      type: 'counts',
      clauses,
      blocks: blocks.map(({ n, bad }) => ({ seconds: BLOCK_SECONDS, planned: n, bad })),
      endedEarly,
    },
    seconds: warmupMs / 1_000 + blocks.length * BLOCK_SECONDS,
    failed: clauses.some(({ bad, planned, allowedShare }) => bad > allowedShare * planned),
  };
}

function chirp({ stages, rule }: Extract<Choice, { action: 'chirp' }>, { axis, service, random }: Against): Run {
  const blocks: ChirpBlock[] = [];
  let onset: number | null = null;
  let seconds = 0;
  for (const stage of stages) {
    for (let inside = 0; inside < stage.seconds && onset === null; inside += BLOCK_SECONDS) {
      const rate = stage.from + ((stage.to - stage.from) * inside) / stage.seconds;
      const n = Math.round(rate * BLOCK_SECONDS);
      const bad = badOf({ axis, service, random }, { n, intensity: rate, shift: 0 });
      const lost = Math.max(...bad);
      blocks.push({ seconds: BLOCK_SECONDS, rate, n, decided: n, bad, outstanding: rate * 0.02, good: n - lost, lost });
      seconds += BLOCK_SECONDS;
      onset = chirpHurts(blocks, rule);
    }
  }
  const restMs = rule.shares.map(() => 20);
  return {
    evidence: { type: 'chirp', onset, restMs, blocks: blocks.map(({ n, ...block }) => ({ ...block, planned: n })) },
    seconds,
    failed: onset !== null,
  };
}

/** Bad requests of a block, for each clause. */
function badOf(
  { axis, service, random }: Against,
  { n, intensity, shift }: { n: number; intensity: number; shift: number },
): number[] {
  const own = axis.clauses.map(({ allowedShare: share }) =>
    binomial(random, n, badShare(service, intensity, { share, shift })),
  );
  if (service.badFor === 'refused') return own.map(() => own[0] as number);
  if (service.badFor === 'late') return own.map((bad, j) => (axis.clauses[j]?.latencySeconds === null ? 0 : bad));
  return own;
}

function badShare(
  service: SimulatedService,
  intensity: number,
  { share, shift }: { share: number; shift: number },
): number {
  const above = Math.log(intensity / service.limit) - shift;
  return 1 / (1 + Math.exp(-Math.log(share / (1 - share)) - service.steepness * above));
}

function resultOf(
  choice: Exclude<Choice, { action: 'finish' }>,
  { evidence, seconds, failed }: Run,
  { axis, sessionId, at }: { axis: Axis; sessionId: string; at: string },
): LearnedResult {
  const warmupMs = choice.action === 'probe' ? choice.warmupMs : 0;
  const durationMs = choice.action === 'probe' ? choice.durationMs : seconds * 1_000;
  return {
    sessionId,
    at,
    scenario: {
      kind: axis.kind,
      intensity: choice.action === 'probe' ? choice.intensity : (choice.stages.at(-1)?.to ?? 0),
      objectives: axis.clauses.map(({ expression }) => expression),
      base: { ratePerSecond: 20, connections: 20 },
      plan: {
        arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
        warmupMs,
        durationMs,
        timeoutMs: 1_000,
        graceMs: 1_000,
        ...(choice.action === 'probe' && choice.hold === true ? { hold: true } : {}),
      },
    },
    result: {
      verdict: failed ? 'failed' : 'passed',
      validity: { status: 'valid', reasons: [] },
      evidence,
      reason: 'it was so',
      executionSeconds: seconds,
      objectives: [],
    },
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** By the gaps between hits, which are geometric; normal where there are many of both. */
function binomial(random: Random, n: number, p: number): number {
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  if (n * p > 100) return Math.min(n, Math.max(0, Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normal(random))));
  let count = -1;
  for (let i = 0; i <= n; count += 1) i += Math.max(1, Math.ceil(random.exponential() / -Math.log1p(-p)));
  return count;
}
