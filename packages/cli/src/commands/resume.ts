import { EXIT, HiveError, isExecution, type Client, type RouteOutput, type SessionRow } from '@hive/contract';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedOptions } from '../arguments/shared-options.js';
import type { CliConfig } from '../config.js';
import type { Terminal } from '../print/terminal.js';
import { LIMIT_AT, limitLine, safeLines } from '../print/training.js';
import { clientOf } from '../running.js';
import { stopSignal } from '../signals.js';

const ASK_EVERY_MS = 500;
/** Where no session is named, the newest of these that did not end by itself goes on. */
const NEWEST = 100;

interface Asked {
  /** True: the newest that can. */
  session: string | true;
  options: SharedOptions;
  config: CliConfig;
  terminal: Terminal;
}

type Session = RouteOutput<'getSession'>;

/**
 * `hive train --resume`: goes on with a stored session, in the running Hive that holds the data, or in this process. Returns the exit code.
 * @throws HiveError `not_found`, `conflict`, `busy`, `data_directory`, `target_unreachable`.
 */
export async function resumeTraining({ session, options, config, terminal }: Asked): Promise<number> {
  const signal = stopSignal();
  const tell = (text: string): void => terminal.progress(`hive: ${text}`);
  const { client, url, close } = await openApi(options.data ?? config.dataDirectory, config);
  try {
    const id = session === true ? await newestUnfinished(client) : session;
    await client.call('resumeSession', { params: { id } });
    tell(url === null ? `session ${id} goes on` : `session ${id} goes on in the running Hive at ${url}`);
    const ended = await follow(client, id, { signal, tell });
    print(ended, terminal, options.json === true);
    return exitOf(ended);
  } finally {
    await close();
  }
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
    return { client: clientOf(holder.at, config), url: holder.at, close: async () => undefined };
  }
  const own = loadConfig(environment, { host: '127.0.0.1', port: 0, dataDir, logLevel: 'silent' });
  // Targets of the command line may name every variable, as hive train lets them.
  const server = await startServer({ ...own, secrets: environment });
  return { client: clientOf(server.url, config), url: null, close: () => server.close() };
}

async function newestUnfinished(client: Client): Promise<string> {
  const { sessions } = await client.call('listSessions', { query: { limit: NEWEST } });
  const found = sessions.find(({ id, status }) => !isExecution(id) && status !== 'running' && status !== 'completed');
  if (found !== undefined) return found.id;
  throw new HiveError('not_found', 'there is no session that could be resumed', {
    hint: 'all have ended by themselves: start one with hive train URL',
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
  for (;;) {
    if (signal.aborted) await client.call('stopTraining', { body: { session_id: id } });
    const session = await client.call('getSession', { params: { id } });
    for (const { id: run, description, outcome, reason } of session.scenarios.toReversed()) {
      if (outcome === null || told.has(run)) continue;
      told.add(run);
      if (!first) tell(`${description}: ${outcome}${reason === null ? '' : ` (${reason})`}`);
    }
    first = false;
    if (session.status !== 'running') return session;
    await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function print(session: Session, terminal: Terminal, json: boolean): void {
  const { id, target_id: target, end_code, end_reason: reason, runtime_seconds: seconds, limits, scenarios } = session;
  for (const limit of limits) {
    terminal.print(limitLine(limit, terminal.colors), LIMIT_AT);
    for (const line of safeLines(limit)) terminal.print(line, LIMIT_AT);
  }
  terminal.print(`  ${reason ?? session.status}`);
  if (!json) return;
  const report = { version: 1, session_id: id, target, end_code, reason, seconds, scenarios, limits };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

function exitOf({ status, end_code: code, end_reason: reason }: SessionRow): number {
  if (status === 'stopped') return EXIT.aborted;
  if (code === 'target_unreachable') return EXIT.cannotStart;
  if (status === 'failed') throw new HiveError('internal', `the session failed: ${reason ?? ''}`);
  return EXIT.passed;
}
