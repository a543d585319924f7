/** Sessions of the product with a simulated service, and single runs, in virtual time. */
import { toTarget } from '@hive/contract';
import { execute, plainScenario, train, virtualSurroundings } from '@hive/engine';

/** The kind of which limits are learned. */
export const KIND = 'load_balancing';
const BUDGET_SECONDS = 600;
const TIMEOUT_MS = 10_000;
/** What a run left behind is worked off before the next one, in a minute at most. */
const DRAIN_MS = 60_000;
/** As a target of `hive train` has them when nobody says otherwise. */
const CONNECTIONS = { maxConnections: 1_000, maxWaiting: 10_000 };

/** Arrivals must not be drawn from the numbers by which the service draws. */
const ARRIVALS = 2 ** 40;

/** The target that a service is, as a person would describe it. */
export function targetOf({ clauses }) {
  return toTarget({ url: 'http://127.0.0.1:1', objectives: clauses.map(({ expression }) => expression) }, 'simulated');
}

/** How long a run goes on before it counts, ms. */
const warmupMsOf = (clauses) => Math.max(2_000, 2 * Math.max(50, ...clauses.map(({ latency }) => finite(latency))));
const finite = (value) => (Number.isFinite(value) ? value : 0);

/** Whether a request alone is more than a clause allows; of a mean, more than its share pays for. */
function isBad({ tookMs, error }, { latency, mean, allowedShare }) {
  return mean ? (allowedShare * tookMs) / latency >= 1 : error !== null || tookMs > latency;
}

/** A fresh service in virtual time. `bad()`: requests so far that break a clause by themselves; `law`: what it follows. */
export function begin(definition, { seed, warmed = false }) {
  const law = definition.make({ warmed });
  let bad = 0;
  const told = (served) => {
    if (definition.clauses.some((clause) => isBad(served, clause))) bad += 1;
  };
  return virtualSurroundings({ settings: law, seed, told }).then((surroundings) => ({
    surroundings: {
      ...surroundings,
      target: targetOf(definition),
      signal: new AbortController().signal,
      allowTargets: [],
      sessionId: `ses_${seed}`,
    },
    law,
    bad: () => bad,
  }));
}

/** A session of `hive train`. `history`: the results of earlier ones; `hold`: for so many seconds it holds at the end what is called safe. */
export async function learn(
  definition,
  { seed, budget = BUDGET_SECONDS, precision = 0.05, hold = 0, history = [], trace },
) {
  const { surroundings, law, bad } = await begin(definition, { seed });
  const { clock, sessionId } = surroundings;
  const results = [];
  let at;
  let peak = 0;
  let ended;
  let firstSeconds = null;
  const settings = {
    kinds: [KIND],
    budgetMs: 1_000 * budget,
    precision,
    seed: ARRIVALS + seed,
    history,
    ...(hold ? { holdMs: 1_000 * hold } : {}),
  };
  for await (const event of train({ ...surroundings, ...settings })) {
    if (event.type === 'scenario_chosen') at = new Date(clock.wall()).toISOString();
    if (event.type === 'scenario_completed') {
      const { scenario, result } = event;
      results.push({ sessionId, scenario, result, at });
      peak = Math.max(peak, highest(scenario, result));
    }
    if (event.type === 'limit_updated') {
      if (event.limit.estimate !== null) firstSeconds ??= clock.now() / 1_000;
      trace?.(clock.now() / 1_000, results.at(-1), event.limit);
    }
    if (event.type === 'ended') ended = event;
  }
  const [limit] = ended.limits;
  return {
    limit,
    reason: ended.reason,
    code: ended.code,
    seconds: clock.now() / 1_000,
    firstSeconds,
    bad: bad(),
    peak,
    law,
    results: [...history, ...results],
  };
}

/** The highest rate that was sent. */
function highest({ intensity }, { evidence }) {
  return evidence?.type === 'chirp' ? Math.max(0, ...evidence.blocks.map(({ rate }) => rate)) : intensity;
}

/** One run, as `hive run` makes it. */
async function runOf(surroundings, { clauses, intensity, seconds, seed, plain }) {
  const { target } = surroundings;
  const stages = [{ durationMs: 1, fromPerSecond: intensity, toPerSecond: intensity }];
  const plan = {
    warmupMs: warmupMsOf(clauses),
    durationMs: 1_000 * seconds,
    timeoutMs: TIMEOUT_MS,
    graceMs: DRAIN_MS,
    arrivals: { model: 'open', arrivals: 'poisson', stages, ...CONNECTIONS },
  };
  const run = execute({ ...surroundings, scenario: plainScenario({ target, plan, seed: ARRIVALS + seed }), plain });
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value.result;
  }
}

/** A run of a fresh service that has run for long. */
export async function freshRun(definition, { seed, intensity, seconds }) {
  const { surroundings } = await begin(definition, { seed, warmed: true });
  return runOf(surroundings, { clauses: definition.clauses, intensity, seconds, seed, plain: true });
}

/**
 * A service that runs are made on, one after another. `fails`: whether a run at an intensity breaks the objectives; as in a session it ends when that
 * is certain, and the service then works off what it was sent.
 */
export async function open(definition, seed) {
  const { surroundings, law, bad } = await begin(definition, { seed });
  const { clauses } = definition;
  const session = {
    definition,
    law,
    bad,
    peak: 0,
    runs: 0,
    seconds: () => surroundings.clock.now() / 1_000,
    async fails(intensity, seconds) {
      session.peak = Math.max(session.peak, intensity);
      session.runs += 1;
      const asked = { clauses, intensity, seconds, seed: seed * 1_000 + session.runs, plain: false };
      const { verdict } = await runOf(surroundings, asked);
      const { clock, idleAtMs } = surroundings;
      clock.advance(Math.min(DRAIN_MS, Math.max(0, idleAtMs() - clock.now())));
      return verdict === 'failed';
    },
  };
  return session;
}
