import {
  BASE_KIND,
  COMPARED_METRICS,
  DEFAULT_GATES,
  DEFAULT_TOLERANCE,
  EXIT,
  figure,
  HiveError,
  newExecutionId,
  type ComparedMetric,
  type Comparison,
  type Labels,
  type Target,
} from '@hive/contract';
import { comparePairs, comparingSeconds, learnLimits, realClock } from '@hive/engine';
import { compareReports } from '@hive/report';
import { InvalidArgumentError, type Command } from 'commander';
import { labelOption, rateOption, shareOption, wholeOption } from '../arguments/option.js';
import type { RequestOptions } from '../arguments/request.js';
import { addRequestOptions, addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { readTarget } from '../arguments/target-file.js';
import { checkGithub, tellGithubCompared } from '../ci.js';
import { begin, type Begun } from '../beginning.js';
import type { CliConfig } from '../config.js';
import { enter } from '../entering.js';
import { addFleetOption, openSending, type Sending, type SendingOptions } from '../fleet-load.js';
import { readLearned } from '../learned.js';
import { printComparison } from '../print/comparison.js';
import { machineLines } from '../print/machine.js';
import { createProgress } from '../print/progress.js';
import type { Terminal } from '../print/terminal.js';
import { currentLine, scenarioRow, startedText, trainingHead } from '../print/training.js';
import { reportsCompared } from '../session-files.js';
import { stopSignal } from '../signals.js';

interface CompareOptions extends RequestOptions, SharedOptions, SendingOptions {
  confirm?: boolean;
  baseline?: Labels;
  baselineDir?: string;
  tolerance: number;
  gate?: ComparedMetric[];
  strict?: boolean;
  github?: boolean;
  rate?: number;
  pairs: number;
  seed?: number;
}

const EXAMPLES = `
Examples:
  hive compare ses_… ses_…                         two stored sessions; the first is the base
  hive compare before.json after.json              two files of hive report --format json: no server, no database
  hive compare --baseline branch=main              the newest session with the newest of main
  hive compare before.json shop                    a file, and the newest usable session of a target
  hive compare --confirm base.yaml candidate.yaml  measures both in turn, which takes 10 to 35 minutes

Sessions are compared by the limits that each found by itself. --confirm sends the same load to both services in turn and
compares the response times and errors of the runs. Exit code 91: worse; 90: not comparable, and with --strict also when
nothing was shown; else 0.`;

const LEAST_PAIRS = 8;
const MOST_PAIRS = 20;
/** Of the safe rate of the base. */
const SHARE_OF_SAFE = 0.7;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('[base]', 'a report file, the id of a stored session, or a target; with --confirm a URL or a hive.yaml')
    .argument('[candidate]', 'what is held against it, likewise (default: the newest session that found a limit)')
    .option('--confirm', 'measure both services in turn')
    .option('--baseline <label>', 'the base is the newest session marked so, such as branch=main', labelOption)
    .option('--baseline-dir <dir>', 'with --baseline: look among the report files of this directory')
    .option('--tolerance <share>', 'what may change unnoticed', shareOption(0.01, 0.9), DEFAULT_TOLERANCE)
    .option(
      '--gate <metrics>',
      `what decides between runs: ${COMPARED_METRICS.join(', ')} (default: p95,errors)`,
      gateOption,
    )
    .option('--strict', 'exit code 90 also when nothing was shown either way')
    .option('--github', 'add the answer to the job summary of GitHub Actions, and to its log')
    .option('-r, --rate <rate>', 'with --confirm: the load (default: 70 % of the safe rate of the base)', rateOption)
    .option('--pairs <n>', 'with --confirm: pairs of runs at most', wholeOption(LEAST_PAIRS, MOST_PAIRS), MOST_PAIRS)
    .option('--threads <n>', 'with --confirm: sending threads', wholeOption(1, 64), 1)
    .option('--seed <n>', 'with --confirm: seed for the random choices', wholeOption(0, 0xffff_ffff))
    .addHelpText('after', EXAMPLES)
    .action(async (base: string | undefined, candidate: string | undefined, options: CompareOptions) =>
      done(await compare([base, candidate], options, command)),
    );
  addSharedOptions(addRequestOptions(addFleetOption(command)));
}

async function compare(names: Names, given: CompareOptions, command: Command): Promise<number> {
  const { config, terminal, tell } = await begin(given, given.confirm === true ? names : []);
  const json = given.json === true;
  if (given.github === true) checkGithub(config);
  const comparison =
    given.confirm === true
      ? await measured(bothOf(names, command), given, { command, config, terminal, tell })
      : await stored(names, given, { config, command });
  if (comparison === null) return EXIT.aborted;
  printComparison(comparison, terminal);
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, ...comparison })}\n`);
  if (given.github === true) await tellGithubCompared(comparison, config);
  if (comparison.answer === 'no_evidence' && given.strict !== true)
    terminal.progress('hive: no change was shown, and none was excluded; with --strict this is exit code 90');
  return exitCode(comparison, given.strict === true);
}

async function stored(
  names: Names,
  { data, tolerance, gate = [...DEFAULT_GATES], baseline, baselineDir }: CompareOptions,
  { config, command }: { config: CliConfig; command: Command },
): Promise<Comparison> {
  for (const name of ['rate', 'pairs', 'threads', 'seed', 'fleet', 'onLostBee'])
    if (command.getOptionValueSource(name) === 'cli') {
      const option = command.options.find((one) => one.attributeName() === name)?.long ?? name;
      throw new HiveError('validation', `${option}: needs --confirm, which measures`, { hint: `leave out ${option}` });
    }
  const place = { dataDirectory: data ?? config.dataDirectory, config };
  if (baseline === undefined && baselineDir !== undefined)
    throw new HiveError('validation', '--baseline-dir: needs --baseline', { hint: 'add --baseline branch=main' });
  const named =
    baseline === undefined
      ? bothOf(names, command)
      : ([{ labels: baseline, directory: baselineDir }, candidateOf(names, command)] as const);
  const { base, candidate, history } = await reportsCompared(named, place);
  return compareReports(base, candidate, { tolerance, gates: gate, history });
}

/** As the command line has them. */
type Names = readonly [string | undefined, string | undefined];

function bothOf([base, candidate]: Names, command: Command): readonly [string, string] {
  if (base !== undefined && candidate !== undefined) return [base, candidate];
  return command.error(`error: missing required argument '${base === undefined ? 'base' : 'candidate'}'`);
}

/** With --baseline the only argument is the candidate. */
function candidateOf([first, second]: Names, command: Command): string | undefined {
  if (second !== undefined) command.error('error: --baseline names the base: give the candidate alone');
  return first;
}

/** Measures both services in turn; null: stopped. */
async function measured(
  names: readonly [string, string],
  given: CompareOptions,
  { command, config, terminal, tell }: Begun & { command: Command },
): Promise<Comparison | null> {
  const progress = createProgress(terminal);
  const { environment, allowTargets } = config;
  const signal = stopSignal();
  let sending: Sending | null = null;
  try {
    const read = (name: string) => readTarget(name, given, { command, environment });
    const [base, candidate] = [await read(names[0]), await read(names[1])];
    const { options } = base;
    refuseApart(base.target, candidate.target, options);
    progress.begin('checking that both services answer');
    const sessionId = newExecutionId();
    const entering = (target: Target) => enter({ target, purpose: 'run', sessionId }, { config, tell });
    const allowances = { base: await entering(base.target), candidate: await entering(candidate.target) };
    const place = { dataDirectory: given.data ?? config.dataDirectory, config, tell };
    const sent = (sending = await openSending(base.target, options, { config, keeping: NOTHING_KEPT }));
    const ratePerSecond = options.rate ?? (await usualRate(sent.target, place));
    tellPrice({ ratePerSecond, pairs: options.pairs }, tell);
    const events = comparePairs({
      base: sent.target,
      candidate: sentAs(sent.target, candidate.target),
      outside: sent.outside,
      ratePerSecond,
      pairs: options.pairs,
      tolerance: options.tolerance,
      gates: options.gate ?? DEFAULT_GATES,
      seed: options.seed ?? Math.floor(Math.random() * 0xffff_ffff),
      load: sent.load,
      clock: realClock,
      signal,
      allowTargets,
      environment,
      sessionId,
      allowances,
    });
    return await follow(events, terminal, progress.doing);
  } finally {
    progress.close();
    terminal.clear();
    await sending?.load.close();
  }
}

/** Nothing is stored: what is measured in turn is told. */
const NOTHING_KEPT = { close: async () => undefined };

/** @throws HiveError `validation` where each file names other regions, and the command line none. */
function refuseApart(base: Target, candidate: Target, { fleet }: SendingOptions): void {
  if (fleet !== undefined || JSON.stringify(base.regions) === JSON.stringify(candidate.regions)) return;
  throw new HiveError('validation', 'regions: base and candidate name different ones, so their runs do not compare', {
    hint: 'write the same in both files, or give --fleet, --fleet REGION or --no-fleet',
  });
}

/** A target whose load comes from where that of another does. */
function sentAs({ regions }: Target, { regions: _, ...target }: Target): Target {
  return regions === undefined ? target : { ...target, regions };
}

/** 70 % of what was learned to be safe for the base. */
async function usualRate(
  target: Target,
  place: { dataDirectory: string; config: CliConfig; tell: (line: string) => void },
): Promise<number> {
  const [limit] = learnLimits(target, await readLearned({ target, ...place }), [BASE_KIND]);
  if (limit?.safe != null) return SHARE_OF_SAFE * limit.safe;
  throw new HiveError('validation', `--rate: no safe rate is known for ${target.id}`, {
    hint: 'give a rate such as -r 200/s, or measure the base first with hive train',
  });
}

function tellPrice(
  { ratePerSecond, pairs }: { ratePerSecond: number; pairs: number },
  tell: (line: string) => void,
): void {
  const { least, most, confirming } = comparingSeconds(pairs);
  const minutes = (seconds: number): string => figure(Math.round(seconds / 60));
  tell(
    `${figure(ratePerSecond)} requests/s to one and to the other in turn, ${LEAST_PAIRS} to ${pairs} pairs of runs: ${minutes(least)} to ${minutes(most)} minutes, and ${minutes(confirming)} more to confirm that it is worse`,
  );
}

/** Shows the runs and what the pairs say so far; returns what came of it. */
async function follow(
  events: ReturnType<typeof comparePairs>,
  terminal: Terminal,
  doing: (text: string) => void,
): Promise<Comparison | null> {
  const style = { colors: terminal.progressColors, width: terminal.widths.progress };
  const machine = machineLines();
  let current: { scenario: Parameters<typeof currentLine>[0]; plannedMs: number } | null = null;
  terminal.progress(trainingHead(style));
  doing('waiting for the first run');
  for (;;) {
    const { done, value: event } = await events.next();
    if (done) return event;
    if (event.type === 'scenario_started') {
      current = event;
      doing(startedText(event.scenario, event.plannedMs));
    } else if (event.type === 'window' && current !== null)
      terminal.status(currentLine(current.scenario, event.window, current.plannedMs));
    else if (event.type === 'scenario_completed') {
      for (const line of scenarioRow(event.scenario, event.result, style)) terminal.progress(line);
      doing('pausing before the next run');
    } else if (event.type === 'machine') for (const line of machine(event.machine)) terminal.progress(line);
    else if (event.type === 'pair') terminal.progress(pairLine(event));
  }
}

function pairLine({
  pairs,
  most,
  confirming,
  comparison,
}: {
  pairs: number;
  most: number;
  confirming: boolean;
  comparison: Comparison;
}): string {
  const p95 = comparison.items.find(({ name }) => name === 'p95')?.ratio;
  const change = p95 === null || p95 === undefined ? '' : `, p95 × ${p95.toFixed(3)}`;
  return `  pair ${pairs} of ${confirming ? `${most} to confirm` : `at most ${most}`}${change}`;
}

function exitCode({ answer }: Comparison, strict: boolean): number {
  if (answer === 'worse') return EXIT.regression;
  if (answer === 'not_comparable' || (answer === 'no_evidence' && strict)) return EXIT.invalid;
  return EXIT.passed;
}

function gateOption(text: string): ComparedMetric[] {
  return text.split(',').map((part) => {
    const metric = COMPARED_METRICS.find((one) => one === part.trim());
    if (metric === undefined)
      throw new InvalidArgumentError(`'${part}' is not a metric. Metrics: ${COMPARED_METRICS.join(', ')}.`);
    return metric;
  });
}
