import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HiveError, isExecution, type Client, type Labels, type SessionRow } from '@hive/contract';
import { readCeiling } from '@hive/engine';
import { hasFoundLimit, MOST_REPORT_BYTES, parseReport, reportOf, type ReportData } from '@hive/report';
import type { CliConfig } from './config.js';
import { madeNow } from './reporting.js';
import { clientOf } from './running.js';

interface Place {
  dataDirectory: string;
  config: CliConfig;
}

/** Sessions that are asked for by the name of their target: the newest usable one is among these. */
const SESSIONS_LOOKED_AT = 50;

/**
 * The report of what a person names: a report file, the id of a stored session, or nothing for the newest stored one that has ended.
 * A file needs no data directory and no database.
 * @throws HiveError `validation`, `not_found`, `data_directory`, `database_unreachable`.
 */
export async function reportNamed(name: string | undefined, place: Place): Promise<ReportData> {
  if (name !== undefined && existsSync(name)) return readReportFile(name);
  if (name !== undefined && !isSessionId(name)) {
    throw new HiveError('validation', `'${name}' is neither a file nor the id of a session`, {
      hint: 'name a report file, or an id such as ses_… or exe_… from GET /api/sessions',
    });
  }
  return withSessions(place, async (sessions) =>
    sessions.report(name ?? newestOf(await sessions.list(), sessions.place)),
  );
}

/** Where the base of a comparison is found by its label. */
export interface Baseline {
  /** `branch=main` */
  labels: Labels;
  /** Report files among which it is; absent: it is stored. */
  directory?: string | undefined;
}

/** Two sessions to be compared. */
export interface NamedPair {
  base: ReportData;
  candidate: ReportData;
  /** The newest sessions of their target, newest first, where both are stored of one target. */
  history: SessionRow[];
}

/**
 * The reports of two things that a person names, each a report file, the id of a stored session, or a target for its newest usable session. The
 * database is opened only where one of them is stored.
 * @throws HiveError as reportNamed.
 */
export async function reportsCompared(
  names: readonly [string | Baseline, string | undefined],
  place: Place,
): Promise<NamedPair> {
  const read = await Promise.all(names.map(readNamed));
  const [first, second] = read;
  if (first && second) return { base: first, candidate: second, history: [] };
  return withSessions(place, async (sessions) => {
    const named = async (index: 0 | 1): Promise<ReportData> =>
      read[index] ?? sessions.report(await idOf(sessions, names[index]));
    const [base, candidate] = [await named(0), await named(1)];
    const isOfOne = first === null && second === null && base.target.id === candidate.target.id;
    return { base, candidate, history: isOfOne ? await sessions.list({ target: base.target.id }) : [] };
  });
}

/** Null: it is stored. */
async function readNamed(name: string | Baseline | undefined): Promise<ReportData | null> {
  if (name === undefined) return null;
  if (typeof name === 'string') return existsSync(name) ? readReportFile(name) : null;
  return name.directory === undefined ? null : newestFile(name.directory, name.labels);
}

/** The newest report of a directory with these labels that found a limit. */
async function newestFile(directory: string, labels: Labels): Promise<ReportData> {
  let newest: ReportData | null = null;
  for (const file of filesOf(directory)) {
    const report = await readReportFile(join(directory, file));
    const isMarked = Object.entries(labels).every(([name, value]) => report.session.labels[name] === value);
    const isUsable = report.verdict.trust !== 'invalid' && report.session.mode === 'train';
    if (!isMarked || !isUsable) continue;
    if (newest === null || report.session.started_at > newest.session.started_at) newest = report;
  }
  if (newest !== null) return newest;
  throw new HiveError('not_found', `no usable report in ${directory} is marked ${labelText(labels)}`, {
    hint: 'write one there with hive train --label … --report FILE.json',
  });
}

function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.json'));
  } catch (cause) {
    throw new HiveError('validation', `--baseline-dir: ${directory} cannot be read`, {
      hint: 'name a directory of report files',
      cause,
    });
  }
}

/** The id of what is stored: of a session, of the newest usable one of a target or with a label, or of the newest usable one. */
async function idOf(sessions: Sessions, name: string | Baseline | undefined): Promise<string> {
  if (typeof name === 'string' && isSessionId(name)) return name;
  const filter = name === undefined ? {} : typeof name === 'string' ? { target: name } : { labels: name.labels };
  const usable = (await sessions.list(filter)).find(hasFoundLimit);
  if (usable !== undefined) return usable.id;
  const what = typeof name === 'string' ? `'${name}' is no file, and no target with` : 'there is no';
  const marked = typeof name === 'object' ? ` that is marked ${labelText(name.labels)} and` : ' that';
  throw new HiveError('not_found', `${what}${typeof name === 'string' ? ' a' : ''} session${marked} found a limit`, {
    hint: 'name a report file, the id of a session, or a target that hive limits shows',
  });
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

async function readReportFile(path: string): Promise<ReportData> {
  const found = statSync(path);
  if (!found.isFile()) throw new HiveError('validation', `'${path}' is not a file`, { hint: 'name a report file' });
  // Before it is read: it may be larger than memory.
  if (found.size > MOST_REPORT_BYTES) {
    throw new HiveError('validation', `'${path}' is larger than 64 MiB, the most that a report file may be`, {
      hint: 'give a file of hive report --format json',
    });
  }
  return parseReport(await readFile(path), path);
}

/** Which sessions: of one target, with some labels, or all. */
interface SessionsAsked {
  target?: string;
  labels?: Labels;
}

/** What is stored, as reports are made of it. */
interface Sessions {
  place: string;
  /** Newest first. */
  list(filter?: SessionsAsked): Promise<SessionRow[]>;
  report(id: string): Promise<ReportData>;
}

/** Opens what is stored, or asks the running Hive that holds it. */
async function withSessions<Result>(
  { dataDirectory: dataDir, config }: Place,
  use: (sessions: Sessions) => Promise<Result>,
): Promise<Result> {
  const { databaseUrl } = config;
  if (databaseUrl === null && !existsSync(dataDir)) throw nothingStored(dataDir);
  const { dataHeld, openData } = await import('@hive/server');
  const data = await openData({ databaseUrl, dataDir });
  if ('at' in data) return use(askedSessions(clientOf(data.at, config, dataDir), data.at));
  if ('heldBy' in data) throw dataHeld(dataDir, { pid: data.heldBy });
  const { here } = data;
  try {
    return await use({
      place: dataDir,
      list: async (filter) => (await here.query('listSessions', { query: pageOf(filter) })).sessions,
      report: async (id) =>
        reportOf(await here.session(id), { made: madeNow(), ceiling: readCeiling(dataDir).ceiling }),
    });
  } finally {
    await here.close();
  }
}

/** The sessions of a running Hive that holds the data, which makes the reports. */
function askedSessions(client: Client, url: string): Sessions {
  return {
    place: url,
    list: async (filter) => (await client.call('listSessions', { query: pageOf(filter) })).sessions,
    report: (id) => reportOfRunning(client, id),
  };
}

/** The report of a session that a running Hive stores. @throws HiveError `not_found`. */
export async function reportOfRunning(client: Client, id: string): Promise<ReportData> {
  const file = await client.download('sessionReport', { params: { id }, query: { format: 'json' } });
  return parseReport(new Uint8Array(await file.arrayBuffer()), `the report of ${id}`);
}

function pageOf({ target, labels }: SessionsAsked = {}): { limit: number; target?: string; label?: string } {
  return {
    limit: SESSIONS_LOOKED_AT,
    ...(target === undefined ? {} : { target }),
    ...(labels === undefined ? {} : { label: labelText(labels) }),
  };
}

function newestOf(sessions: readonly SessionRow[], place: string): string {
  const ended = sessions.find(({ status }) => status !== 'running');
  if (ended === undefined) throw nothingStored(place);
  return ended.id;
}

function isSessionId(name: string): boolean {
  return name.startsWith('ses_') || isExecution(name);
}

function nothingStored(place: string): HiveError {
  return new HiveError('not_found', `no session is stored in ${place}`, {
    hint: 'measure one with hive train URL, or name a report file',
  });
}
