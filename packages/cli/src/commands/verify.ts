import { ERRORS, EXIT, newTrainingId, type Answer, type ObjectiveOutcome } from '@hive/contract';
import { checkContact, createThreadLoad, realClock, verify, type TrainingEvent } from '@hive/engine';
import type { Command } from 'commander';
import { durationOption, rateOption, wholeOption } from '../arguments/option.js';
import type { RequestOptions } from '../arguments/request.js';
import { addRequestOptions, addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { readTarget } from '../arguments/target-file.js';
import { loadCliConfig } from '../config.js';
import { machineLines } from '../print/machine.js';
import { createProgress } from '../print/progress.js';
import { createTerminal, type Terminal } from '../print/terminal.js';
import { currentLine, findingLines, FINDING_AT, scenarioRow, startedText, trainingHead } from '../print/training.js';
import { stopSignal } from '../signals.js';

interface VerifyOptions extends RequestOptions, SharedOptions {
  at: number;
  for: number;
  seed?: number;
  threads: number;
  runAnyway?: boolean;
}

type Ended = Extract<TrainingEvent, { type: 'ended' }>;
type Completed = Extract<TrainingEvent, { type: 'scenario_completed' }>;

const EXAMPLES = `
Examples:
  hive verify --at 500/s http://127.0.0.1:8080/          exit code 0: yes, 99: no, 93: undecided
  hive verify --at 500/s --for 3m hive.yaml
  hive verify --at 500/s --objective 'p(95)<100' --json URL

Hive sends this rate and never more. It answers yes after one run that met the objectives for the whole
time and in each half minute of it, and no after two runs that did not.`;

const DEFAULT_MS = 60_000;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .argument('<url>', 'the service, or a hive.yaml that describes it')
    .requiredOption('--at <rate>', 'the request rate in question, such as 500/s', rateOption)
    .option('--for <time>', 'how long one run must meet the objectives', durationOption, DEFAULT_MS)
    .option('--threads <n>', 'sending threads', wholeOption(1, 64), 1)
    .option('--seed <n>', 'seed for the random choices', wholeOption(0, 0xffff_ffff))
    .option('--run-anyway', 'do not wait for a quiet machine after runs that other processes spoiled')
    .addHelpText('after', EXAMPLES)
    .action(async (url: string, options: VerifyOptions) => done(await runVerify(url, options, command)));
  addSharedOptions(addRequestOptions(command));
}

async function runVerify(url: string, given: VerifyOptions, command: Command): Promise<number> {
  const { environment, allowTargets, ...config } = loadCliConfig();
  const json = given.json === true;
  const terminal = createTerminal({ ...config, json, quiet: given.quiet === true });
  const progress = createProgress(terminal);
  const signal = stopSignal();
  const load = createThreadLoad({ threads: given.threads });
  try {
    const { target, options } = await readTarget(url, given, { command, environment });
    progress.begin('checking that the service answers');
    const { warnings } = await checkContact({ target, allowTargets, environment });
    for (const warning of warnings) terminal.progress(`hive: ${warning}`);
    const events = verify({
      target,
      atPerSecond: options.at,
      forSeconds: options.for / 1_000,
      seed: options.seed ?? Math.floor(Math.random() * 0xffff_ffff),
      load,
      clock: realClock,
      signal,
      allowTargets,
      environment,
      sessionId: newTrainingId(),
      ...(options.runAnyway ? { runAnyway: AbortSignal.abort() } : {}),
    });
    const { ended, runs } = await follow(events, terminal, progress.doing);
    const answer = ended.answer ?? 'undecided';
    terminal.clear();
    terminal.print('');
    terminal.print(`  ${WORDS[answer](terminal)}: ${ended.reason}`);
    if (json) process.stdout.write(`${JSON.stringify(reportOf({ ended, runs, target: target.id, options }))}\n`);
    return exitCode(answer, { ended, runs });
  } finally {
    progress.close();
    terminal.clear();
    await load.close();
  }
}

const WORDS: Record<Answer, (terminal: Terminal) => string> = {
  yes: ({ colors }) => colors.bold('Yes'),
  no: ({ colors }) => colors.bold('No'),
  undecided: () => 'Undecided',
};

/** Shows the runs, and returns how it ended. */
async function follow(
  events: AsyncGenerator<TrainingEvent>,
  terminal: Terminal,
  doing: (text: string) => void,
): Promise<{ ended: Ended; runs: Completed[] }> {
  const style = { colors: terminal.progressColors, width: terminal.widths.progress };
  const machine = machineLines();
  const runs: Completed[] = [];
  let ended: Ended | null = null;
  let current: Extract<TrainingEvent, { type: 'scenario_started' }> | null = null;
  terminal.progress(trainingHead(style));
  doing('measuring how the service answers at rest');
  for await (const event of events) {
    if (event.type === 'scenario_started') {
      current = event;
      doing(startedText(event.scenario, event.plannedMs));
    } else if (event.type === 'window' && current !== null)
      terminal.status(currentLine(current.scenario, event.window, current.plannedMs));
    else if (event.type === 'scenario_completed') {
      runs.push(event);
      for (const line of scenarioRow(event.scenario, event.result, style)) terminal.progress(line);
      for (const line of findingLines(event.result)) terminal.progress(line, FINDING_AT);
    } else if (event.type === 'alert') terminal.progress(`${event.severity}: ${event.text}`);
    else if (event.type === 'machine') for (const line of machine(event.machine)) terminal.progress(line);
    else if (event.type === 'ended') ended = event;
  }
  if (ended === null) throw new Error('a question must be answered');
  return { ended, runs };
}

function reportOf(from: { ended: Ended; runs: readonly Completed[]; target: string; options: VerifyOptions }) {
  const { ended, runs, target, options } = from;
  return {
    version: 1,
    target,
    at_per_second: options.at,
    for_seconds: options.for / 1_000,
    answer: ended.answer ?? 'undecided',
    end_code: ended.code,
    reason: ended.reason,
    runs: runs.map(({ scenario, result }) => ({
      intensity: scenario.intensity,
      seconds: scenario.plan.durationMs / 1_000,
      verdict: result.verdict,
      validity: result.validity,
      reason: result.reason,
      objectives: result.objectives satisfies ObjectiveOutcome[],
    })),
  };
}

function exitCode(answer: Answer, { ended, runs }: { ended: Ended; runs: readonly Completed[] }): number {
  if (ended.stopped) return EXIT.aborted;
  if (ended.code === 'target_unreachable') return ERRORS.target_unreachable.exit;
  if (answer === 'yes') return EXIT.passed;
  if (answer === 'no') return EXIT.objectiveFailed;
  return runs.every(({ result }) => result.validity.status === 'invalid') ? EXIT.invalid : EXIT.undecided;
}
