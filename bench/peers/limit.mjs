// What a service can take: `hive train` beside a referee that tries fixed rates, and a breakpoint test of k6 where k6 is found.
import { SERVERS } from './servers.mjs';
import { whereIs } from './stage.mjs';
import { breakpointTest, vegetaStep } from './tools.mjs';

/** The referee stops when what passed and what failed are this close. */
const CLOSE = 0.015;
const FIRST_RATE = 50;
const MOST_STEPS = 24;
const MOST_ATTEMPTS = 3;
/** k6's ramp, as in docs/beside-others.md. */
const RAMP = { rate: 1_000, seconds: 120, connections: 1_000 };
const SERVICES = Object.keys(SERVERS).filter((name) => name !== 'nginx, 26 bytes');

/** `seconds`: of a step of the referee. */
export const defaults = { rounds: 2, seconds: 30, budget: 200 };

export async function measure(stage, { rounds, seconds, budget, only }) {
  const services = [];
  const wanted = SERVICES.filter((name) => only === undefined || name.includes(only));
  if (wanted.length === 0) throw new Error(`--only ${only}: the services are ${SERVICES.join('; ')}`);
  for (const name of wanted) {
    const fresh = (use) => onFreshServer(stage, name, use);
    const trained = [];
    const ramps = [];
    for (let round = 1; round <= rounds; round++) {
      trained.push(await fresh((url) => train(stage, url, { budget, round })));
      process.stdout.write(`${name}: hive train ${JSON.stringify(trained.at(-1))}\n`);
      if (whereIs('k6') !== null) ramps.push(await fresh((url) => ramp(stage, url)));
    }
    if (whereIs('k6') === null) process.stdout.write('SKIPPED k6: not on PATH\n');
    const referee = await refereed((rate) => fresh((url) => step(stage, url, { rate, seconds })));
    process.stdout.write(`${name}: referee passes ${referee.passes}, fails ${referee.fails}\n`);
    services.push({ name, referee, trained, ramps });
  }
  return { rounds, seconds, budget, referee: refereeName(), services };
}

const refereeName = () => (whereIs('vegeta') === null ? 'hive run' : 'vegeta');

async function onFreshServer(stage, name, use) {
  const server = await SERVERS[name](stage);
  try {
    return await use(server.url);
  } finally {
    await server.end();
  }
}

async function train(stage, url, { budget, round }) {
  // A folder of its own: what an earlier session learned would make this one shorter.
  const data = ['--data', `${stage.folder}/trained-${new URL(url).port}-${round}`];
  const options = ['--kinds', 'load_balancing', '--budget', `${budget}s`, '--json', '--quiet', ...data];
  const { stdout, stderr } = await stage.timed(stage.hive('train', ...options, url), { withinSeconds: budget + 60 });
  if (stdout === '') throw new Error(`hive train printed nothing: ${stderr}`);
  const { seconds, limits } = JSON.parse(stdout);
  const { status, estimate, low, high } = limits.find(({ kind }) => kind === 'load_balancing');
  return { status, estimate, low, high, seconds };
}

async function ramp(stage, url) {
  const run = { stage, url, ...RAMP };
  const { stdout } = await stage.timed(breakpointTest.command(run), { withinSeconds: RAMP.seconds + 60 });
  const reachedSeconds = breakpointTest.read(stdout) / 1_000;
  return { rate: 1 + ((RAMP.rate - 1) * reachedSeconds) / RAMP.seconds, seconds: reachedSeconds };
}

/** Constant arrivals at one rate, on a fresh server. True when p99 < 250 ms and errors < 1 %, null when it cannot be judged. */
async function step(stage, url, { rate, seconds }) {
  const run = { stage, url, seconds, rate };
  if (refereeName() === 'vegeta') {
    await stage.timed(vegetaStep.command(run), { withinSeconds: seconds + 60 });
    const { latencies, success } = vegetaStep.read(run);
    return latencies['99th'] / 1e6 < 250 && success > 0.99;
  }
  // The generator of a busy machine may be late: such a run says nothing, and is made again.
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const load = ['-r', `${rate}/s`, '--arrivals', 'constant', '-d', `${seconds}s`];
    const options = [...load, '--json', '--quiet', '--data', `${stage.folder}/data`];
    const { stdout } = await stage.timed(stage.hive('run', ...options, url), { withinSeconds: seconds + 60 });
    const { verdict, reason } = JSON.parse(stdout);
    if (verdict === 'passed' || verdict === 'failed') return verdict === 'passed';
    process.stdout.write(`  ${rate}/s could not be judged, attempt ${attempt} of ${MOST_ATTEMPTS}: ${reason}\n`);
  }
  return null;
}

/** Doubles the rate until a step fails, then halves the gap. Ends early, and says so, at a rate that cannot be judged. */
async function refereed(passesAt) {
  let [passes, fails] = [0, Infinity];
  const steps = [];
  while (steps.length < MOST_STEPS && (fails - passes) / passes > CLOSE) {
    const rate = Math.round(fails === Infinity ? Math.max(FIRST_RATE, passes * 2) : (passes + fails) / 2);
    if (rate === passes || rate === fails) break;
    const passed = await passesAt(rate);
    steps.push({ rate, passed });
    if (passed === null) break;
    process.stdout.write(`  referee: ${rate}/s ${passed ? 'passes' : 'fails'}\n`);
    if (passed) passes = rate;
    else fails = rate;
  }
  return { passes, fails: fails === Infinity ? null : fails, steps };
}

export function table({ services }) {
  const learned = ({ status, estimate, low, high, seconds }) =>
    status === 'known'
      ? `${Math.round(estimate)} (${Math.round(low)}–${Math.round(high)}) in ${Math.round(seconds)} s`
      : `${status} in ${Math.round(seconds)} s`;
  const rows = services.map(({ name, referee, trained, ramps }) => [
    name,
    `${referee.passes}, ${referee.fails ?? 'none'}`,
    ramps.map(({ rate, seconds }) => `${Math.round(rate)} after ${Math.round(seconds)} s`).join('; ') || 'not measured',
    trained.map(learned).join('; '),
  ]);
  return { head: ['service', 'referee: passes, fails', 'k6 stopped at', 'hive train (95 % interval)'], rows };
}
