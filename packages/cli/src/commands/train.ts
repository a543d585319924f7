import {
  DEFAULT_KINDS,
  defaultBudgetSeconds,
  HiveError,
  isSafetyEnd,
  kindSchema,
  KINDS,
  newTrainingId,
  type EndCode,
  type Kind,
  type Labels,
  type Limit,
  type Scenario,
  type ScenarioResult,
  type Target,
} from '@hive/contract';
import { checkBudget, checkHold, realClock, train, type TrainingEvent } from '@hive/engine';
import { InvalidArgumentError, type Command } from 'commander';
import { checkExpectations, expectationOption, judgeExpectation, type Expectation } from '../arguments/expectation.js';
import { durationOption, rateOption, shareOption, wholeOption } from '../arguments/option.js';
import type { RequestOptions } from '../arguments/request.js';
import { storedCaps, withSessionCaps, type CapOptions, type WrittenCaps } from '../arguments/session-caps.js';
import {
  addLabelOption,
  addReportOption,
  addRequestOptions,
  addSharedOptions,
  kindsHelp,
  type ReportOptions,
  type SharedOptions,
} from '../arguments/shared-options.js';
import { readTarget } from '../arguments/target-file.js';
import type { CliConfig } from '../config.js';
import { begin } from '../beginning.js';
import { enter } from '../entering.js';
import { openingText, openKeeping } from '../keeping.js';
import { addFleetOption, ceilingOf, openSending, type SendingOptions } from '../fleet-load.js';
import { openLearned } from '../learned.js';
import { createProgress, type Progress } from '../print/progress.js';
import type { Terminal } from '../print/terminal.js';
import { printSession, shown } from '../print/session.js';
import { openOutputs } from '../outputs.js';
import { openReports } from '../reporting.js';
import { exitOfSession, sessionVerdict } from '../session-verdict.js';
import { stopSignal } from '../signals.js';

interface TrainOptions extends ReportOptions, RequestOptions, SendingOptions, SharedOptions, CapOptions {
  kinds?: Kind[];
  budget?: number;
  hold?: number;
  precision: number;
  expect?: Expectation[];
  seed?: number;
  runAnyway?: boolean;
  label?: Labels;
  /** True: the newest that can. */
  resume?: string | true;
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
    .option(
      '--max-rate <rate>',
      'highest rate of this session (default: 10000/s, 200/s beyond this machine, or what is written)',
      rateOption,
    )
    .option(
      '--max-connections <n>',
      'most connections of this session (default: 1000, 50 beyond this machine, or what is written)',
      wholeOption(1, 1_000_000),
    )
    .option('--threads <n>', 'sending threads', wholeOption(1, 64), 1)
    .option('--seed <n>', 'seed for the random choices', wholeOption(0, 0xffff_ffff))
    .option('--run-anyway', 'do not wait for a quiet machine after runs that other processes spoiled')
    .option('--resume [session]', 'go on with a session that was stopped or interrupted (default: the newest)')
    .addHelpText('after', EXAMPLES)
    .action(async (url: string | undefined, options: TrainOptions) => done(await runTraining(url, options, command)));
  addSharedOptions(addRequestOptions(addReportOption(addLabelOption(addFleetOption(command)))));
}

async function runTraining(url: string | undefined, given: TrainOptions, command: Command): Promise<number> {
  const { config, terminal } = await begin(given, [url]);
  const progress = createProgress(terminal);
  try {
    if (given.resume !== undefined) {
      if (url !== undefined) throw refusedBoth(url);
      const { resumeTraining } = await import('./resume.js');
      return await resumeTraining({ session: given.resume, given, command, config, terminal });
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
  const reports = await openReports(options, { config, tell });
  const outputs = await openOutputs(options.out, tell);
  progress.begin('checking that the service answers');
  const allowance = await enter({ target, purpose: 'train', sessionId }, { config, tell });
  progress.begin(openingText(config.databaseUrl, dataDirectory));
  // What is kept of the target are its own caps.
  const keeping = await openKeeping({ target: read.target, dataDirectory, config, tell }, { must: false });
  const sending = await openSending(target, options, { config, keeping });
  const ceiling = ceilingOf(sending.target, dataDirectory);
  const found: Session = { scenarios: [], limits: [], reason: '', code: 'stopped' };
  const asked = { ...askedOf(options, { ...sending, budgetMs, holdMs }), sessionId, kinds, budgetMs, holdMs };
  const events = (until: AbortSignal): AsyncGenerator<TrainingEvent> =>
    gathered(
      shown(
        train({
          ...asked,
          ...sending,
          seed: options.seed ?? Math.floor(Math.random() * 0xffff_ffff),
          clock: realClock,
          signal: until,
          allowTargets,
          allowance,
          history: keeping.history,
          ceiling,
          threads: options.threads,
          environment,
          ...(options.runAnyway ? { runAnyway: AbortSignal.abort() } : {}),
        }),
        { terminal, progress },
      ),
      found,
      progress,
    );
  // The session alone: neither opening the store nor closing it is part of the budget.
  const startedAt = performance.now();
  let seconds = 0;
  try {
    const told = (until: AbortSignal): AsyncGenerator<TrainingEvent> =>
      outputs.of(events(until), { sessionId, targetId: target.id });
    await keeping.run(reports.of({ ...asked, signal, events: told }, target));
  } finally {
    seconds = Math.round(performance.now() - startedAt) / 1_000;
    terminal.clear();
    await outputs.close();
    await sending.load.close();
    await keeping.close();
  }
  const expectations = (options.expect ?? []).map((one) =>
    judgeExpectation(one, found.limits, { mustHold: holdMs !== undefined }),
  );
  const validities = found.scenarios.map(({ result }) => result.validity);
  const verdict = sessionVerdict({ stopped: signal.aborted || isSafetyEnd(found.code), validities, expectations });
  printSession(found, expectations, terminal);
  if (given.json === true)
    printJson(found, { session_id: sessionId, target: target.id, verdict, seconds, expectations });
  const written = await reports.write(ceiling, expectations);
  return exitOfSession(verdict, { code: found.code, written });
}

/** What is kept of the options, so that the session can go on with them. */
function askedOf(
  { precision, maxRate, maxConnections, label, onLostBee }: TrainOptions,
  { budgetMs, holdMs, target }: { budgetMs: number; holdMs: number | undefined; target: Target },
) {
  const holdSeconds = holdMs === undefined ? undefined : holdMs / 1_000;
  const capped = { maxRatePerSecond: maxRate, maxConnections };
  const of = { labels: { ...target.labels, ...label }, regions: target.regions, onLostBee };
  return { budgetSeconds: budgetMs / 1_000, precision, holdSeconds, ...capped, ...of };
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

/** Passes the events on, and gathers in `session` what is reported. */
async function* gathered(
  events: AsyncGenerator<TrainingEvent>,
  session: Session,
  progress: Progress,
): AsyncGenerator<TrainingEvent> {
  for await (const event of events) {
    if (event.type === 'scenario_completed') session.scenarios.push({ scenario: event.scenario, result: event.result });
    else if (event.type === 'ended') {
      const { limits, reason, code } = event;
      Object.assign(session, { limits, reason, code });
      progress.doing('storing the results');
    }
    yield event;
  }
}

function printJson({ limits, reason, code, ...found }: Session, more: Record<string, unknown>): void {
  const { session_id, target, verdict, seconds, expectations } = more;
  const scenarios = found.scenarios.map(scenarioJson);
  const ids = { version: 1, session_id, target };
  process.stdout.write(
    `${JSON.stringify({ ...ids, verdict, end_code: code, reason, seconds, scenarios, limits, expectations })}\n`,
  );
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
