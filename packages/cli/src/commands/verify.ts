import {
  ANSWER_WORDS,
  BASE_KIND,
  EXIT,
  isSafetyEnd,
  newTrainingId,
  type Answer,
  type Labels,
  type ObjectiveOutcome,
} from '@hive/contract';
import { realClock, verify, type TrainingEvent } from '@hive/engine';
import type { Command } from 'commander';
import { durationOption, rateOption, wholeOption } from '../arguments/option.js';
import { asProduction, productionHost, type ProductionOptions } from '../arguments/production.js';
import type { RequestOptions } from '../arguments/request.js';
import {
  addLabelOption,
  addReportOption,
  addRequestOptions,
  addSharedOptions,
  type ReportOptions,
  type SharedOptions,
} from '../arguments/shared-options.js';
import { readTarget } from '../arguments/target-file.js';
import { begin } from '../beginning.js';
import { enter } from '../entering.js';
import { addFleetOption, ceilingOf, openSending, type Sending, type SendingOptions } from '../fleet-load.js';
import { openKeeping, openingText } from '../keeping.js';
import { openOutputs } from '../outputs.js';
import { createProgress } from '../print/progress.js';
import { shown } from '../print/session.js';
import type { Terminal } from '../print/terminal.js';
import { openReports } from '../reporting.js';
import { stopSignal } from '../signals.js';

interface VerifyOptions extends RequestOptions, ReportOptions, SendingOptions, SharedOptions, ProductionOptions {
  at: number;
  for: number;
  seed?: number;
  runAnyway?: boolean;
  label?: Labels;
}

type Ended = Extract<TrainingEvent, { type: 'ended' }>;
type Completed = Extract<TrainingEvent, { type: 'scenario_completed' }>;

const EXAMPLES = `
Examples:
  hive verify --at 500/s http://127.0.0.1:8080/          exit code 0: yes, 99: no, 93: undecided
  hive verify --at 500/s --for 3m hive.yaml
  hive verify --at 50/s --production shop.example.org hive.yaml
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
    .option('--production <host>', 'the host of a production target: it must be named once a session')
    .option('--run-anyway', 'do not wait for a quiet machine after runs that other processes spoiled')
    .addHelpText('after', EXAMPLES)
    .action(async (url: string, options: VerifyOptions) => done(await runVerify(url, options, command)));
  addSharedOptions(addRequestOptions(addReportOption(addLabelOption(addFleetOption(command)))));
}

async function runVerify(url: string, given: VerifyOptions, command: Command): Promise<number> {
  const json = given.json === true;
  const { config, terminal, tell } = await begin(given, [url]);
  const { environment, allowTargets } = config;
  const progress = createProgress(terminal);
  const signal = stopSignal();
  let sending: Sending | null = null;
  try {
    const { target: described, options, caps } = await readTarget(url, given, { command, environment });
    const target = asProduction(described, options, caps);
    const production = await productionHost(target, options, signal);
    const sessionId = newTrainingId();
    const reports = await openReports(options, { config, tell });
    const outputs = await openOutputs(options.out, tell);
    progress.begin('checking that the service answers');
    const allowance = await enter({ target, purpose: 'verify', sessionId, production }, { config, tell });
    const dataDirectory = options.data ?? config.dataDirectory;
    progress.begin(openingText(config.databaseUrl, dataDirectory));
    // What is kept of the target are its own caps.
    const keeping = await openKeeping({ target: described, dataDirectory, config, tell }, { must: false });
    const sent = (sending = await openSending(target, options, { config, keeping }));
    const seed = options.seed ?? Math.floor(Math.random() * 0xffff_ffff);
    const question = { at_per_second: options.at, for_seconds: options.for / 1_000 };
    const found: Found = { runs: [], ended: null };
    const events = (until: AbortSignal): AsyncGenerator<TrainingEvent> => {
      const session = verify({
        ...sent,
        atPerSecond: question.at_per_second,
        forSeconds: question.for_seconds,
        seed,
        clock: realClock,
        signal: until,
        allowTargets,
        environment,
        sessionId,
        allowance,
        ...(options.runAnyway ? { runAnyway: AbortSignal.abort() } : {}),
      });
      return gathered(outputs.of(shown(session, { terminal, progress }), { sessionId, targetId: target.id }), found);
    };
    const { regions } = sent.target;
    const asked = { sessionId, budgetSeconds: null, mode: 'verify', question, regions } as const;
    const session = {
      ...asked,
      kinds: [BASE_KIND],
      labels: { ...target.labels, ...options.label },
      signal,
      events,
    };
    try {
      await keeping.run(reports.of(session, target));
    } finally {
      await outputs.close();
      await keeping.close();
    }
    const { ended, runs } = found;
    if (ended === null) throw new Error('a question must be answered');
    const answer = ended.answer ?? 'undecided';
    terminal.clear();
    terminal.print('');
    terminal.print(`  ${inBold(answer, terminal)}: ${ended.reason}`);
    if (json) {
      const report = reportOf({ ended, runs, target: target.id, options });
      process.stdout.write(`${JSON.stringify({ ...report, session_id: sessionId })}\n`);
    }
    const written = await reports.write(ceilingOf(sent.target, dataDirectory));
    const code = exitCode(answer, { ended, runs });
    return code === EXIT.passed && !written ? EXIT.unexpected : code;
  } finally {
    progress.close();
    terminal.clear();
    await sending?.load.close();
  }
}

function inBold(answer: Answer, { colors }: Terminal): string {
  return answer === 'undecided' ? ANSWER_WORDS[answer] : colors.bold(ANSWER_WORDS[answer]);
}

/** The runs, and how it ended. */
interface Found {
  runs: Completed[];
  ended: Ended | null;
}

async function* gathered(events: AsyncGenerator<TrainingEvent>, found: Found): AsyncGenerator<TrainingEvent> {
  for await (const event of events) {
    if (event.type === 'scenario_completed') found.runs.push(event);
    else if (event.type === 'ended') found.ended = event;
    yield event;
  }
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
  if (ended.stopped || (isSafetyEnd(ended.code) && answer === 'undecided')) return EXIT.aborted;
  if (answer === 'yes') return EXIT.passed;
  if (answer === 'no') return EXIT.objectiveFailed;
  return runs.every(({ result }) => result.validity.status === 'invalid') ? EXIT.invalid : EXIT.undecided;
}
