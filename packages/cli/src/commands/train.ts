import {
  BASE_KIND,
  DEFAULT_KINDS,
  defaultBudgetSeconds,
  ERRORS,
  EXIT,
  HiveError,
  kindSchema,
  KINDS,
  newTrainingId,
  type EndCode,
  type Kind,
  type Limit,
  type Scenario,
  type ScenarioResult,
} from '@hive/contract';
import {
  checkBudget,
  checkContact,
  checkHold,
  createThreadLoad,
  readCeiling,
  realClock,
  train,
  type TrainingEvent,
} from '@hive/engine';
import { InvalidArgumentError, type Command } from 'commander';
import {
  expectationOption,
  judgeExpectation,
  type Expectation,
  type ExpectationOutcome,
} from '../arguments/expectation.js';
import { durationOption, rateOption, shareOption, wholeOption } from '../arguments/option.js';
import type { RequestOptions } from '../arguments/request.js';
import { storedCaps, withSessionCaps, type CapOptions, type WrittenCaps } from '../arguments/session-caps.js';
import {
  addReportOption,
  addRequestOptions,
  addSharedOptions,
  kindsHelp,
  type SharedOptions,
} from '../arguments/shared-options.js';
import { readTarget, type NameOf } from '../arguments/target-file.js';
import { loadCliConfig, type CliConfig } from '../config.js';
import { openingText, openKeeping } from '../keeping.js';
import { openLearned } from '../learned.js';
import { machineLines } from '../print/machine.js';
import { createProgress, type Progress } from '../print/progress.js';
import { createTerminal, type Terminal } from '../print/terminal.js';
import {
  currentLine,
  startedText,
  findingLines,
  expectationLine,
  lessonLine,
  limitLine,
  planLines,
  safeLines,
  scenarioRow,
  trainingHead,
  FINDING_AT,
  LIMIT_AT,
  PLAN_AT,
} from '../print/training.js';
import { openReports } from '../reporting.js';
import { stopSignal } from '../signals.js';

interface TrainOptions extends RequestOptions, SharedOptions, CapOptions {
  kinds?: Kind[];
  budget?: number;
  hold?: number;
  precision: number;
  expect?: Expectation[];
  seed?: number;
  threads: number;
  runAnyway?: boolean;
  /** True: the newest that can. */
  resume?: string | true;
  report?: string[];
}

/** The results of a session, before the expectations are checked. */
interface Session {
  scenarios: { scenario: Scenario; result: ScenarioResult }[];
  limits: Limit[];
  reason: string;
  code: EndCode;
}

const EXAMPLES = `
Examples:
  hive train http://127.0.0.1:8080/
  hive train hive.yaml                                    a described target; hive init writes such a file
  hive train --kinds all --budget 20m http://127.0.0.1:8080/     everything that applies to the service
  hive train --resume                                     the newest session that was stopped or interrupted goes on
  hive train --objective 'p(95)<100' --objective 'rate<0.001' URL
  hive train --hold 5m URL                                soak at the safe rate for 5 minutes at the end
  hive train --expect 'load_balancing>=500' URL           exit code 99 unless the limit is shown to be that high
  hive train --hold 5m --expect 'load_balancing.safe>=300' URL     99 unless a soak at 300 requests/s or more passed
${kindsHelp()}`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('[url]', 'the service, or a hive.yaml that describes it')
    .option(
      '--kinds <list>',
      'kinds to measure, such as load_balancing,concurrent_requests; or all (default: load_balancing)',
      kindsOption,
    )
    .option('--budget <time>', 'hard time limit (default: 4m, plus the time of --hold)', durationOption)
    .option('--hold <time>', 'soak at the safe rate at the end, for 1m or more', durationOption)
    .option('--precision <share>', 'half width of the interval to reach', shareOption(0.01, 0.5), 0.05)
    .option('--expect <expectation>', "expected limit, such as 'load_balancing>=500', repeatable", expectationOption)
    .option('--max-rate <rate>', 'highest rate of this session (default: 10000/s, or what is written)', rateOption)
    .option(
      '--max-connections <n>',
      'most connections of this session (default: 1000, or what is written)',
      wholeOption(1, 1_000_000),
    )
    .option('--threads <n>', 'sending threads', wholeOption(1, 64), 1)
    .option('--seed <n>', 'seed for the random choices', wholeOption(0, 0xffff_ffff))
    .option('--run-anyway', 'do not wait for a quiet machine after runs that other processes spoiled')
    .option('--resume [session]', 'go on with a session that was stopped or interrupted (default: the newest)')
    .addHelpText('after', EXAMPLES)
    .action(async (url: string | undefined, options: TrainOptions) => done(await runTraining(url, options, command)));
  addSharedOptions(addRequestOptions(addReportOption(command)));
}

async function runTraining(url: string | undefined, given: TrainOptions, command: Command): Promise<number> {
  const config = loadCliConfig();
  const json = given.json === true;
  const terminal = createTerminal({ ...config, json, quiet: given.quiet === true });
  const progress = createProgress(terminal);
  try {
    if (given.resume !== undefined) {
      if (url !== undefined) throw refusedBoth(url);
      const { resumeTraining } = await import('./resume.js');
      return await resumeTraining({ session: given.resume, options: given, config, terminal });
    }
    if (url === undefined) command.error("error: missing required argument 'url'");
    return await session(url, given, { command, config, terminal, progress });
  } finally {
    progress.close();
    terminal.clear();
  }
}

function refusedBoth(url: string): HiveError {
  return new HiveError('validation', `${url} cannot be given with --resume: the session knows its target`, {
    hint: 'leave out the one or the other',
  });
}

interface Around {
  command: Command;
  config: CliConfig;
  terminal: Terminal;
  progress: Progress;
}

/** From the command line to the exit code, saying on the way what is being done. */
async function session(url: string, given: TrainOptions, around: Around): Promise<number> {
  const { command, config, terminal, progress } = around;
  const read = await readTarget(url, given, { command, environment: config.environment });
  const { options, nameOf } = read;
  const dataDirectory = options.data ?? config.dataDirectory;
  const { target, lines } = await cappedTarget(url, read, { dataDirectory, config });
  const signal = stopSignal();

  const sessionId = newTrainingId();
  // What is expected of a kind must be measured.
  const kinds = options.kinds ?? [...new Set([...DEFAULT_KINDS, ...(options.expect ?? []).map(({ kind }) => kind)])];
  const holdMs = options.hold === 0 ? undefined : options.hold;
  const budgetMs = options.budget ?? 1_000 * defaultBudgetSeconds((holdMs ?? 0) / 1_000);
  checkHold(
    { holdMs, budgetMs, kinds, target },
    { hold: nameOf('hold'), budget: nameOf('budget'), kinds: nameOf('kinds') },
  );
  checkExpectations(options.expect ?? [], { kinds, holding: holdMs !== undefined, nameOf });
  checkBudget({ budgetSeconds: budgetMs / 1_000, kinds, target }, nameOf('budget'));
  const tell = (text: string): void => terminal.progress(`hive: ${text}`);
  const { allowTargets, environment } = config;
  for (const line of lines) tell(line);
  const reports = await openReports(options.report, tell);
  progress.begin('checking that the service answers');
  const { warnings } = await checkContact({ target, allowTargets, environment });
  for (const warning of warnings) tell(warning);
  progress.begin(openingText(config.databaseUrl, dataDirectory));
  // What is kept of the target are its own caps.
  const keeping = await openKeeping({ target: read.target, dataDirectory, config, tell }, { must: false });
  const load = createThreadLoad({ threads: options.threads });
  const found: Session = { scenarios: [], limits: [], reason: '', code: 'stopped' };
  const events = (until: AbortSignal): AsyncGenerator<TrainingEvent> =>
    follow(
      train({
        target,
        kinds,
        budgetMs,
        holdMs,
        precision: options.precision,
        seed: options.seed ?? Math.floor(Math.random() * 0xffff_ffff),
        load,
        clock: realClock,
        signal: until,
        allowTargets,
        sessionId,
        history: keeping.history,
        ceiling: readCeiling(dataDirectory).ceiling,
        threads: options.threads,
        environment,
        ...(options.runAnyway ? { runAnyway: AbortSignal.abort() } : {}),
      }),
      { terminal, progress, session: found },
    );
  // The session alone: neither opening the store nor closing it is part of the budget.
  const startedAt = performance.now();
  let seconds = 0;
  try {
    await keeping.run(reports.of({ sessionId, kinds, budgetSeconds: budgetMs / 1_000, signal, events }, target));
  } finally {
    seconds = Math.round(performance.now() - startedAt) / 1_000;
    terminal.clear();
    await load.close();
    await keeping.close();
  }

  const expectations = (options.expect ?? []).map((one) =>
    judgeExpectation(one, found.limits, { mustHold: holdMs !== undefined }),
  );
  const verdict = signal.aborted ? 'aborted' : verdictOf(found, expectations);
  printSession(found, expectations, terminal);
  if (given.json === true) {
    const { limits, reason, code } = found;
    const scenarios = found.scenarios.map(scenarioJson);
    const ids = { version: 1, session_id: sessionId, target: target.id };
    process.stdout.write(
      `${JSON.stringify({ ...ids, verdict, end_code: code, reason, seconds, scenarios, limits, expectations })}\n`,
    );
  }
  await reports.write(readCeiling(dataDirectory).ceiling, expectations);
  if (found.code === 'target_unreachable') return ERRORS.target_unreachable.exit;
  return { aborted: EXIT.aborted, undecided: EXIT.invalid, failed: EXIT.objectiveFailed, passed: EXIT.passed }[verdict];
}

type Read = Awaited<ReturnType<typeof readTarget<TrainOptions>>>;

/** The target with the caps that this session was given. @throws HiveError `refused_by_safety` beyond what is written for it. */
async function cappedTarget(
  url: string,
  read: Read,
  place: { dataDirectory: string; config: CliConfig },
): Promise<ReturnType<typeof withSessionCaps>> {
  const { target, options, nameOf } = read;
  return withSessionCaps(target, options, { written: await writtenCaps(url, read, place), nameOf });
}

/** The caps that somebody wrote for a target: in its file, else in what is stored. They matter only where others are asked for. */
async function writtenCaps(
  url: string,
  { target, caps, options }: Read,
  place: { dataDirectory: string; config: CliConfig },
): Promise<WrittenCaps | null> {
  if (options.maxRate === undefined && options.maxConnections === undefined) return null;
  if (Object.keys(caps).length > 0) return { caps, where: url };
  const learned = await openLearned(place);
  try {
    const stored = (await learned.targets()).find(({ id }) => id === target.id);
    return stored === undefined ? null : storedCaps(stored);
  } finally {
    await learned.close();
  }
}

function printSession(
  { limits, reason }: Session,
  expectations: readonly ExpectationOutcome[],
  terminal: Terminal,
): void {
  terminal.print('');
  for (const limit of limits) {
    terminal.print(limitLine(limit, terminal.colors), LIMIT_AT);
    for (const line of safeLines(limit)) terminal.print(line, LIMIT_AT);
  }
  for (const expectation of expectations) terminal.print(expectationLine(expectation, terminal.colors));
  terminal.print(`  ${reason}`);
}

/** Refuses expectations that this session can never show. @throws HiveError `validation`, before anything is sent. */
function checkExpectations(
  expectations: readonly Expectation[],
  { kinds, holding, nameOf }: { kinds: readonly Kind[]; holding: boolean; nameOf: NameOf },
): void {
  for (const { expression, kind, of } of expectations) {
    const problem = !kinds.includes(kind)
      ? {
          message: `${kind} is not among the kinds to measure`,
          hint: `add it to ${nameOf('kinds')}, or leave out the expectation`,
        }
      : of === 'safe' && holding && kind !== BASE_KIND
        ? { message: `only ${BASE_KIND} has a rate to soak at`, hint: 'leave out --hold' }
        : null;
    if (problem !== null)
      throw new HiveError('validation', `${nameOf('expect')}: '${expression}' cannot be checked: ${problem.message}`, {
        hint: problem.hint,
      });
  }
}

/** Passes the events on, shows them, and gathers in `session` what is reported. */
async function* follow(
  events: AsyncGenerator<TrainingEvent>,
  { terminal, progress, session }: { terminal: Terminal; progress: Progress; session: Session },
): AsyncGenerator<TrainingEvent> {
  const style = { colors: terminal.progressColors, width: terminal.widths.progress };
  let current: { scenario: Scenario; plannedMs: number } | null = null;
  const machine = machineLines();
  let isPlanned = false;
  progress.doing('measuring how the service answers at rest');
  for await (const event of events) {
    if (event.type === 'planned') {
      for (const line of planLines(event.plan, isPlanned)) terminal.progress(line, PLAN_AT);
      if (!isPlanned) terminal.progress(trainingHead(style));
      isPlanned = true;
    }
    if (event.type === 'scenario_started') {
      current = event;
      progress.doing(startedText(event.scenario, event.plannedMs));
    }
    if (event.type === 'window' && current) {
      terminal.status(currentLine(current.scenario, event.window, current.plannedMs));
      if (terminal.live) progress.told();
    } else if (event.type === 'scenario_completed') {
      session.scenarios.push({ scenario: event.scenario, result: event.result });
      for (const line of scenarioRow(event.scenario, event.result, style)) terminal.progress(line);
      for (const line of findingLines(event.result)) terminal.progress(line, FINDING_AT);
      progress.told();
      progress.doing('waiting until the service is at rest again');
    } else if (event.type === 'limit_updated') {
      const line = lessonLine(event.limit, event.lesson);
      if (line !== '') terminal.progress(line, FINDING_AT);
    } else if (event.type === 'alert') terminal.progress(`${event.severity}: ${event.text}`);
    else if (event.type === 'machine') for (const line of machine(event.machine)) terminal.progress(line);
    else if (event.type === 'ended') {
      const { limits, reason, code } = event;
      Object.assign(session, { limits, reason, code });
      progress.doing('storing the results');
    }
    yield event;
  }
}

/** Nothing valid was measured: undecided. Else the expectations decide; a scenario that failed on the way is no failure. */
function verdictOf(session: Session, expectations: { outcome: string }[]): 'undecided' | 'failed' | 'passed' {
  const { scenarios } = session;
  if (scenarios.length > 0 && scenarios.every(({ result }) => result.validity.status === 'invalid')) return 'undecided';
  return expectations.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'passed';
}

function scenarioJson({ scenario, result }: Session['scenarios'][number]) {
  const { id, kind, difficulty, intensity, unit, description, calibrated, plan } = scenario;
  return {
    id,
    kind,
    difficulty,
    intensity,
    unit,
    description,
    calibrated,
    ...(plan.hold === true ? { hold: true } : {}),
    ...result,
  };
}

function kindsOption(text: string): Kind[] {
  if (text.trim() === 'all') return [...KINDS];
  const kinds = text.split(',').map((name) => {
    const kind = kindSchema.safeParse(name.trim());
    if (!kind.success)
      throw new InvalidArgumentError(`'${name}' is not a kind. Kinds: ${kindSchema.options.join(', ')}, or all.`);
    return kind.data;
  });
  return [...new Set(kinds)];
}
