import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { HiveError, isExecution, type SessionRow } from '@hive/contract';
import { readCeiling } from '@hive/engine';
import { MOST_REPORT_BYTES, parseReport, reportOf, type ReportData } from '@hive/report';
import type { CliConfig } from './config.js';
import { madeNow } from './reporting.js';
import { clientOf } from './running.js';

interface Place {
  dataDirectory: string;
  config: CliConfig;
}

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
  return storedReport(name, place);
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

async function storedReport(id: string | undefined, { dataDirectory: dataDir, config }: Place): Promise<ReportData> {
  const { databaseUrl } = config;
  if (databaseUrl === null && !existsSync(dataDir)) throw nothingStored(dataDir);
  const { dataHeld, openData } = await import('@hive/server');
  const data = await openData({ databaseUrl, dataDir });
  if ('at' in data) return askedReport(id, data.at, config);
  if ('heldBy' in data) throw dataHeld(dataDir, { pid: data.heldBy });
  try {
    const { sessions } = id === undefined ? await data.here.query('listSessions') : { sessions: [] };
    const chosen = id ?? newestOf(sessions, dataDir);
    return reportOf(await data.here.session(chosen), { made: madeNow(), ceiling: readCeiling(dataDir).ceiling });
  } finally {
    await data.here.close();
  }
}

/** From a running Hive that holds the data, which makes the report. */
async function askedReport(id: string | undefined, url: string, config: CliConfig): Promise<ReportData> {
  const client = clientOf(url, config);
  const { sessions } = id === undefined ? await client.call('listSessions') : { sessions: [] };
  const chosen = id ?? newestOf(sessions, url);
  const file = await client.download('sessionReport', { params: { id: chosen }, query: { format: 'json' } });
  return parseReport(new Uint8Array(await file.arrayBuffer()), `the report of ${url}`);
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
