import { EXIT, isHere, isSafetyEnd, newExecutionId, type Labels, type Scenario, type Target } from '@hive/contract';
import {
  plainScenario,
  readCeiling,
  realClock,
  runAlone,
  runReport,
  warnAboveCeiling,
  type Executed,
  type RunReport,
  type TrainingEvent,
} from '@hive/engine';
import { Option, type Command } from 'commander';
import { durationOption, rateOption, wholeOption } from '../arguments/option.js';
import { stagesOption, toPlan, type PlanOptions } from '../arguments/plan.js';
import type { RequestOptions } from '../arguments/request.js';
import {
  addLabelOption,
  addReportOption,
  addRequestOptions,
  addSharedOptions,
  type ReportOptions,
  type SharedOptions,
} from '../arguments/shared-options.js';
import { isFile, readTarget, withEnvironment } from '../arguments/target-file.js';
import type { CliConfig } from '../config.js';
import { begin, type Begun } from '../beginning.js';
import { enter } from '../entering.js';
import { addFleetOption, openSending, type SendingOptions } from '../fleet-load.js';
import { createRunView, printRunReport, verdictText, windowLine } from '../print/run.js';
import type { Terminal } from '../print/terminal.js';
import { openOutputs } from '../outputs.js';
import { openReports } from '../reporting.js';
import { stopSignal } from '../signals.js';

interface RunOptions extends PlanOptions, ReportOptions, RequestOptions, SendingOptions, SharedOptions {
  seed?: number;
  save?: boolean;
  label?: Labels;
}

const EXAMPLES = `
Examples:
  hive run http://127.0.0.1:8080/                         10 connections for 10 s
  hive run -c 50 -d 30s http://127.0.0.1:8080/            closed model: 50 connections
  hive run -r 500/s -d 30s http://127.0.0.1:8080/         open model: 500 requests/s, Poisson arrivals
  hive run -n 1000 -c 20 http://127.0.0.1:8080/           1,000 requests over 20 connections
  hive run --stages 30s:100/s,1m:500/s URL                a ramp
  hive run -X POST --body @order.json -H 'content-type: application/json' URL
  hive run scenario.yaml                                  a run as the dashboard's New run shows it
  hive run 'curl https://… -H …'                          a request copied from developer tools, or from docs
  hive run --objective 'p(95)<100' --json URL             for scripts; exit code 99 if an objective fails`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<url>', 'URL to request, a hive.yaml, a scenario.yaml, or a curl command in quotes')
    .option(
      '-c, --connections <n>',
      'connections (closed model, default 10), or the most connections (open model, default 1000)',
      wholeOption(1, 65_535),
    )
    .option('-n, --requests <n>', 'end after this many requests, or after -d', wholeOption(1, 1_000_000_000))
    .option('-r, --rate <rate>', 'open model: request rate, such as 500/s', rateOption)
    .option('-d, --duration <time>', 'length of the measurement (default 10s)', durationOption)
    .addOption(
      new Option('--arrivals <shape>', 'open model: arrival times (default poisson)').choices(['poisson', 'constant']),
    )
    .option(
      '--max-waiting <n>',
      'open model: the most requests that may wait for a connection (default 10000)',
      wholeOption(0, 10_000_000),
    )
    .option(
      '--stages <list>',
      'open model: 30s:100/s,1m:500/s ramps to 100/s in 30 s, then to 500/s in 1 min',
      stagesOption,
    )
    .option('--think <time>', 'closed model: think time of a connection between requests', durationOption)
    .option('--timeout <time>', 'time-out of a request', durationOption, 10_000)
    .option('--warmup <time>', 'time at the start that is sent but not judged', durationOption, 0)
    .option('--grace <time>', 'time to wait for the last answers (default: the time-out)', durationOption)
    .option('--threads <n>', 'sending threads', wholeOption(1, 64), 1)
    .option('--seed <n>', 'seed for the arrival times', wholeOption(0, 0xffff_ffff))
    .option('--save', 'store the result in the data directory or in DATABASE_URL')
    .addHelpText('after', EXAMPLES)
    .action(async (url: string, options: RunOptions) => done(await run(url, options, command)));
  addSharedOptions(addRequestOptions(addReportOption(addLabelOption(addFleetOption(command)))));
}

async function run(url: string, given: RunOptions, command: Command): Promise<number> {
  const json = given.json === true;
  const begun = await begin(given, [url]);
  const { terminal, tell } = begun;
  const dataDirectory = given.data ?? begun.config.dataDirectory;
  const { target, options, scenario, plain, config } = await readRun(url, given, { ...begun, command, dataDirectory });
  const signal = stopSignal();

  const { allowTargets, environment } = config;
  const sessionId = newExecutionId();
  const allowance = await enter({ target, purpose: 'run', sessionId, anyStatus: plain }, { config, tell });
  const { ceiling, ignored } = readCeiling(dataDirectory);
  const warning = warnAboveCeiling({ arrivals: scenario.plan.arrivals, target, threads: options.threads }, ceiling);
  if (warning !== null || ignored !== null) tell(warning ?? (ignored as string));
  const files = await openReports(options, { config, tell });
  const outputs = await openOutputs(options.out, tell);
  const { openingText, openKeeping, openRunning } = await import('../keeping.js');
  const place = { target, dataDirectory, config, tell };
  if (options.save === true) tell(`${openingText(config.databaseUrl, dataDirectory)} …`);
  const keeping = await (options.save === true ? openKeeping(place, { must: true }) : openRunning(place));
  const { load, outside } = await openSending(target, options, { config, keeping });
  const common = { scenario, target, load, outside, clock: realClock, allowTargets, sessionId, allowance, environment };
  const ended: Executed[] = [];
  async function* events(until: AbortSignal): AsyncGenerator<TrainingEvent> {
    const reason = 'requested on the command line';
    const run = runAlone({ ...common, reason, plain, signal: until });
    ended.push(yield* show(run, { terminal, tell }));
  }
  try {
    const told = (until: AbortSignal): AsyncGenerator<TrainingEvent> =>
      outputs.of(events(until), { sessionId, targetId: target.id });
    const session = {
      sessionId,
      kinds: [scenario.kind],
      budgetSeconds: null,
      labels: { ...target.labels, ...options.label },
      signal,
      events: told,
    };
    await keeping.run(files.of(session, target));
  } finally {
    terminal.clear();
    await outputs.close();
    await load.close();
    await keeping.close();
  }
  const [executed] = ended;
  if (executed === undefined) throw new Error('the run ended without a result');
  const report = reportOf(scenario, executed, terminal);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  const written = await files.write(ceiling);
  const exitCode = exitCodeOf(report);
  return exitCode === EXIT.passed && !written ? EXIT.unexpected : exitCode;
}

interface ToRun {
  target: Target;
  options: RunOptions;
  scenario: Scenario;
  /** It is judged as what it is, and not as a kind. */
  plain: boolean;
  /** With the stored secrets that the target names. */
  config: CliConfig;
}

/** A plain run of an address, or the run that a scenario.yaml describes. */
async function readRun(
  url: string,
  given: RunOptions,
  around: Begun & { command: Command; dataDirectory: string },
): Promise<ToRun> {
  const { command, config } = around;
  const { environment } = config;
  const seed = given.seed ?? Math.floor(Math.random() * 0xffff_ffff);
  // Only a file needs what reads one, and looks into what was learned.
  const file = isFile(url) ? await import('../arguments/scenario-file.js') : null;
  const described = (await file?.readScenarioRun(url, given, { ...around, seed })) ?? null;
  if (described !== null)
    return { ...described, options: withEnvironment(given, { command, environment }).options, plain: false };
  const { target, options, caps } = await readTarget(url, given, { command, environment });
  // Beyond this machine the usual caps bind what somebody asks for, too.
  const plan = toPlan(options, isHere(target.nodes) ? caps : target.safety, target.safety);
  return {
    target,
    options,
    scenario: plainScenario({ target, plan, seed: options.seed ?? seed }),
    plain: true,
    config,
  };
}

/** Prints what came of it. A kind may end before anything is measured. */
function reportOf(
  scenario: Scenario,
  executed: Executed,
  terminal: Terminal,
): Pick<RunReport, 'version' | 'verdict' | 'validity' | 'reason'> {
  const { verdict, validity, reason, measurement } = executed.result;
  if (measurement === null || executed.phases === null) {
    terminal.print(`  ${verdictText(verdict, terminal.colors)}: ${reason}`);
    return { version: 1, verdict, validity, reason };
  }
  const report = runReport(scenario, executed);
  printRunReport(report, terminal);
  return report;
}

/** Passes the events on and shows them. */
async function* show(
  events: AsyncGenerator<TrainingEvent, Executed>,
  { terminal, tell }: { terminal: Terminal; tell: (text: string) => void },
): AsyncGenerator<TrainingEvent, Executed> {
  const view = createRunView();
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      const event = next.value;
      if (event.type === 'row' && !terminal.live) terminal.progress(windowLine(event.window));
      else if (event.type === 'window' && terminal.live) {
        view.add(event.window);
        terminal.status(...view.lines(terminal.columns));
      } else if (event.type === 'ended' && isSafetyEnd(event.code)) tell(event.reason);
      yield event;
    }
  } finally {
    // Whoever reads may leave early: the run behind it is closed all the same.
    await events.return(undefined as never);
  }
}

/** Aborted before invalid before failed. An undecided run is not a valid result: it never makes a build green. */
export function exitCodeOf({ verdict, validity }: Pick<RunReport, 'verdict' | 'validity'>): number {
  if (verdict === 'aborted') return EXIT.aborted;
  if (validity.status === 'invalid') return EXIT.invalid;
  if (verdict === 'failed') return EXIT.objectiveFailed;
  return verdict === 'passed' ? EXIT.passed : EXIT.invalid;
}
