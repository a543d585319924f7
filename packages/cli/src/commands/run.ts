import { EXIT, newExecutionId } from '@hive/contract';
import {
  checkContact,
  createThreadLoad,
  execute,
  plainScenario,
  readCeiling,
  realClock,
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
  addReportOption,
  addRequestOptions,
  addSharedOptions,
  type SharedOptions,
} from '../arguments/shared-options.js';
import { readTarget } from '../arguments/target-file.js';
import { loadCliConfig } from '../config.js';
import { openCsv, type CsvFile } from '../print/csv.js';
import { createRunView, printRunReport, windowLine } from '../print/run.js';
import { createTerminal, type Terminal } from '../print/terminal.js';
import { openReports } from '../reporting.js';
import { stopSignal } from '../signals.js';

interface RunOptions extends PlanOptions, RequestOptions, SharedOptions {
  threads: number;
  seed?: number;
  out?: string;
  save?: boolean;
  report?: string[];
}

const EXAMPLES = `
Examples:
  hive run http://127.0.0.1:8080/                         10 connections for 10 s
  hive run -c 50 -d 30s http://127.0.0.1:8080/            closed model: 50 connections
  hive run -r 500/s -d 30s http://127.0.0.1:8080/         open model: 500 requests/s, Poisson arrivals
  hive run --stages 30s:100/s,1m:500/s URL                a ramp
  hive run -X POST --body @order.json -H 'content-type: application/json' URL
  hive run --objective 'p(95)<100' --json URL             for scripts; exit code 99 if an objective fails`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<url>', 'URL to request, or a hive.yaml')
    .option(
      '-c, --connections <n>',
      'connections (closed model, default 10), or the most connections (open model, default 1000)',
      wholeOption(1, 65_535),
    )
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
    .option('--out <file.csv>', 'write one row a second')
    .option('--save', 'store the result in the data directory or in DATABASE_URL')
    .addHelpText('after', EXAMPLES)
    .action(async (url: string, options: RunOptions) => done(await run(url, options, command)));
  addSharedOptions(addRequestOptions(addReportOption(command)));
}

async function run(url: string, given: RunOptions, command: Command): Promise<number> {
  const config = loadCliConfig();
  const json = given.json === true;
  const terminal = createTerminal({ ...config, json, quiet: given.quiet === true });
  const { target, options, caps } = await readTarget(url, given, { command, environment: config.environment });
  const plan = toPlan(options, caps);
  const signal = stopSignal();

  const dataDirectory = options.data ?? config.dataDirectory;
  const tell = (text: string): void => terminal.progress(`hive: ${text}`);
  const { allowTargets, environment } = config;
  const { warnings } = await checkContact({ target, allowTargets, environment, anyStatus: true });
  for (const warning of warnings) tell(warning);
  const { ceiling, ignored } = readCeiling(dataDirectory);
  const warning = warnAboveCeiling({ arrivals: plan.arrivals, target, threads: options.threads }, ceiling);
  if (warning !== null || ignored !== null) tell(warning ?? (ignored as string));
  const files = await openReports(options.report, tell);
  const csv = options.out === undefined ? null : openCsv(options.out);
  const { openingText, openKeeping, openRunning } = await import('../keeping.js');
  const place = { target, dataDirectory, config, tell };
  if (options.save === true) tell(`${openingText(config.databaseUrl, dataDirectory)} …`);
  const keeping = await (options.save === true ? openKeeping(place, { must: true }) : openRunning(place));
  const load = createThreadLoad({ threads: options.threads });
  const seed = options.seed ?? Math.floor(Math.random() * 0xffff_ffff);
  const scenario = plainScenario({ target, plan, seed });
  const sessionId = newExecutionId();
  const common = { scenario, target, load, clock: realClock, allowTargets, sessionId, environment };
  const reports: RunReport[] = [];
  async function* events(until: AbortSignal): AsyncGenerator<TrainingEvent> {
    const reason = 'requested on the command line';
    const run = execute({ ...common, reason, plain: true, signal: until });
    const executed = yield* show(run, { terminal, csv });
    reports.push(runReport(scenario, executed));
    const stopped = executed.result.verdict === 'aborted';
    const code = stopped ? 'stopped' : 'goal';
    yield { type: 'ended', code, reason: stopped ? 'stopped' : 'the run has ended', stopped, limits: [] };
  }
  try {
    await keeping.run(files.of({ sessionId, kinds: [scenario.kind], budgetSeconds: null, signal, events }, target));
  } finally {
    terminal.clear();
    csv?.close();
    await load.close();
    await keeping.close();
  }
  const [report] = reports;
  if (report === undefined) throw new Error('the run ended without a report');
  printRunReport(report, terminal);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  await files.write(ceiling);
  return exitCodeOf(report);
}

/** Passes the events on and shows them. */
async function* show(
  events: AsyncGenerator<TrainingEvent, Executed>,
  { terminal, csv }: { terminal: Terminal; csv: CsvFile | null },
): AsyncGenerator<TrainingEvent, Executed> {
  const view = createRunView();
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      const event = next.value;
      if (event.type === 'row') {
        csv?.add(event.window);
        if (!terminal.live) terminal.progress(windowLine(event.window));
      } else if (event.type === 'window' && terminal.live) {
        view.add(event.window);
        terminal.status(...view.lines(terminal.columns));
      }
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
