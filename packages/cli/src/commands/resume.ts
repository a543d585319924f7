import { EXIT, HiveError, mayResume, type Client, type RouteOutput } from '@hive/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  checkExpectations,
  judgeExpectation,
  type Expectation,
  type ExpectationOutcome,
} from '../arguments/expectation.js';
import type { RequestOptions } from '../arguments/request.js';
import type { SharedOptions } from '../arguments/shared-options.js';
import { withEnvironment } from '../arguments/target-file.js';
import type { CliConfig } from '../config.js';
import { printSession } from '../print/session.js';
import type { Terminal } from '../print/terminal.js';
import { claimReports, writeReports, type ReportFile } from '../reporting.js';
import { clientOf, scenariosOf } from '../running.js';
import { reportOfRunning } from '../session-files.js';
import { exitOfSession, sessionVerdict } from '../session-verdict.js';
import { stopSignal } from '../signals.js';

const ASK_EVERY_MS = 500;
/** What is asked of the end of a session, or of this command; all other options were decided when the session began. */
const CAN_BE_GIVEN: ReadonlySet<string> = new Set(['resume', 'expect', 'report', 'runAnyway', 'data', 'json', 'quiet']);
/** Sessions that are looked through at once for one that can go on. */
const PAGE = 100;

/** Of the options of `hive train`, those that count here. */
interface ResumeOptions extends RequestOptions, SharedOptions {
  expect?: Expectation[];
  report?: string[];
  runAnyway?: boolean;
}

interface Asked {
  /** True: the newest that can. */
  session: string | true;
  given: ResumeOptions;
  command: Command;
  config: CliConfig;
  terminal: Terminal;
}

type Session = RouteOutput<'getSession'>;

/**
 * `hive train --resume`: goes on with a stored session, in the running Hive that holds the data, or in this process. Returns the exit code.
 * @throws HiveError `validation`, `not_found`, `conflict`, `busy`, `data_directory`, `target_unreachable`.
 */
export async function resumeTraining({ session, given, command, config, terminal }: Asked): Promise<number> {
  refuseDecided(command);
  const { options, nameOf } = withEnvironment(given, { command, environment: config.environment });
  const { expect = [], report, runAnyway = false } = options;
  const signal = stopSignal();
  const tell = (text: string): void => terminal.progress(`hive: ${text}`);
  const files = await claimReports(report);
  const { client, url, close } = await openApi(options.data ?? config.dataDirectory, config);
  try {
    const id = session === true ? await newestUnfinished(client) : session;
    const { kinds, hold_seconds: holdSeconds } = await client.call('getSession', { params: { id } });
    const holding = holdSeconds !== null;
    const calledHere = (name: string): string => (name === 'kinds' ? 'the kinds of another session' : nameOf(name));
    checkExpectations(expect, { kinds, holding, nameOf: calledHere });
    await client.call('resumeSession', { params: { id } });
    if (runAnyway) await client.call('runAnyway', { body: { session_id: id } });
    tell(url === null ? `session ${id} goes on` : `session ${id} goes on in the running Hive at ${url}`);
    const ended = await follow(client, id, { signal, tell });
    const expectations = expect.map((one) => judgeExpectation(one, ended.limits, { mustHold: holding }));
    return await conclude(ended, { expectations, client, files, terminal, tell, json: options.json === true });
  } finally {
    await close();
  }
}

/** @throws HiveError `validation` naming the options that a session cannot be given later. */
function refuseDecided(command: Command): void {
  const decided = command.options.filter(
    (option) =>
      !CAN_BE_GIVEN.has(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (decided.length === 0) return;
  const names = decided.map((option) => option.long ?? option.flags).join(', ');
  throw new HiveError('validation', `${names} cannot be given with --resume: the session keeps what it began with`, {
    hint: 'leave out the one or the other',
  });
}

/** The API of the Hive that holds the data; where none does, one in this process for as long as the session runs. */
async function openApi(
  dataDir: string,
  config: CliConfig,
): Promise<{ client: Client; url: string | null; close: () => Promise<void> }> {
  const { dataHolder, loadConfig, startServer } = await import('@hive/server');
  const { environment, databaseUrl } = config;
  const holder = databaseUrl === null ? await dataHolder(dataDir) : null;
  if (holder !== null && 'at' in holder) {
    return { client: clientOf(holder.at, config, dataDir), url: holder.at, close: async () => undefined };
  }
  const own = loadConfig(environment, { host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent' });
  // Targets of the command line may name every variable, as hive train lets them.
  const server = await startServer({ ...own, secrets: environment });
  return { client: clientOf(server.url, config, dataDir), url: null, close: () => server.close() };
}

/** However many sessions began after it. */
async function newestUnfinished(client: Client): Promise<string> {
  let after: string | undefined;
  do {
    const page = await client.call('listSessions', { query: { limit: PAGE, after } });
    const found = page.sessions.find(mayResume);
    if (found !== undefined) return found.id;
    after = page.next ?? undefined;
  } while (after !== undefined);
  throw new HiveError('not_found', 'there is no session that could be resumed', {
    hint: 'all have ended by themselves or used up their budget: start one with hive train URL',
  });
}

/** Says what each run came to until the session is over; a stop ends it. */
async function follow(
  client: Client,
  id: string,
  { signal, tell }: { signal: AbortSignal; tell: (text: string) => void },
): Promise<Session> {
  const told = new Set<string>();
  let first = true;
  let stopping = false;
  for (;;) {
    if (signal.aborted && !stopping) {
      stopping = true;
      await client.call('stopTraining', { body: { session_id: id } });
    }
    const session = await client.call('getSession', { params: { id } });
    for (const { id: run, description, outcome, reason } of session.scenarios.toReversed()) {
      if (outcome === null || told.has(run)) continue;
      told.add(run);
      if (!first) tell(`${description}: ${outcome}${reason === null ? '' : ` (${reason})`}`);
    }
    first = false;
    if (session.status !== 'running') return whole(client, session);
    await sleep(ASK_EVERY_MS, undefined, stopping ? {} : { signal }).catch(() => undefined);
  }
}

/** With all its runs. */
async function whole(client: Client, session: Session): Promise<Session> {
  if (session.next === null) return session;
  const older = await scenariosOf(client, { session: session.id, after: session.next });
  return { ...session, scenarios: [...session.scenarios, ...older], next: null };
}

/** Prints how the session ended, and writes its reports. Returns the exit code. */
async function conclude(
  session: Session,
  into: {
    expectations: readonly ExpectationOutcome[];
    client: Client;
    files: readonly ReportFile[];
    terminal: Terminal;
    tell: (text: string) => void;
    json: boolean;
  },
): Promise<number> {
  const { expectations, client, files, terminal, tell, json } = into;
  const { id, status, target_id: target, end_code, end_reason, runtime_seconds: seconds, limits, scenarios } = session;
  const validities = scenarios.flatMap(({ validity }) => validity ?? []);
  const verdict = sessionVerdict({ stopped: status === 'stopped', validities, expectations });
  const reason = end_reason ?? status;
  printSession({ limits, reason }, expectations, terminal);
  if (json) {
    const ids = { version: 1, session_id: id, target };
    const report = { ...ids, verdict, end_code, reason, seconds, scenarios, limits, expectations };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
  const written = files.length === 0 || (await writeReports(files, await reportOf(client, id, expectations), tell));
  if (status === 'failed') {
    tell(`the session failed: ${reason}`);
    return EXIT.unexpected;
  }
  return exitOfSession(verdict, { code: end_code, written });
}

async function reportOf(client: Client, id: string, expectations: readonly ExpectationOutcome[]) {
  const { withExpectations } = await import('@hive/report');
  return withExpectations(await reportOfRunning(client, id), [...expectations]);
}
