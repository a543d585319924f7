import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { HIVE_VERSION, HiveError, toHiveError, type Ceiling, type ReportFormat, type Target } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import type { ReportData } from '@hive/report';
import type { SessionGatherer } from '@hive/server';
import { checkGithub, GITLAB_FILES, tellGithub } from './ci.js';
import type { CliConfig } from './config.js';
import type { ExpectationOutcome } from './arguments/expectation.js';
import type { KeptSession } from './keeping.js';

/** A file that a report is written to, in the format of its name. */
export interface ReportFile {
  path: string;
  format: ReportFormat;
}

/** Reports that a command writes of the session it runs. */
export interface Reports {
  /** The session, its events passed on, and what reports are made of kept on the way. */
  of(session: KeptSession, target: Target): KeptSession;
  /** Writes the files, and says so; false: not all could be written, which was said. */
  write(ceiling: Ceiling | null, expectations?: readonly ExpectationOutcome[]): Promise<boolean>;
}

/** Which reports are asked for: files, and what CI systems read. */
export interface ReportsAsked {
  report?: string[];
  github?: boolean;
  gitlab?: boolean;
}

/**
 * Looks at the files before anything is measured: each has the format of its name, and can be written. Without any nothing is loaded.
 * @throws HiveError `validation`.
 */
export async function openReports(
  { report: paths = [], github = false, gitlab = false }: ReportsAsked,
  { config, tell }: { config: CliConfig; tell: (line: string) => void },
): Promise<Reports> {
  if (github) checkGithub(config);
  const files = await claimReports([...paths, ...(gitlab ? GITLAB_FILES : [])]);
  if (files.length === 0 && !github) return { of: (session) => session, write: async () => true };
  const { reportOf } = await import('@hive/report');
  const { startGathering } = await import('@hive/server');
  let gatherer: SessionGatherer | null = null;
  return {
    of(session, target) {
      const into = (gatherer = startGathering({ ...session, target }));
      return { ...session, events: (signal) => gathered(session.events(signal), into) };
    },
    async write(ceiling, expectations = []) {
      if (gatherer === null) return true;
      const report = reportOf(gatherer.end(null), { made: madeNow(), ceiling, expectations });
      const written = await writeReports(files, report, tell);
      if (github) await tellGithub(report, config);
      return written;
    },
  };
}

/** The files of `--report`, none of which exists for it yet. @throws HiveError `validation` for one that could not be written. */
export async function claimReports(paths: readonly string[] = []): Promise<ReportFile[]> {
  if (paths.length === 0) return [];
  const { formatOfFile } = await import('@hive/report');
  const files = paths.map((path) => ({ path, format: formatOfFile(path) }));
  for (const { path } of files) checkWritable(path);
  return files;
}

/**
 * Writes a report into all files, and says so. What was measured is not undone by a file that cannot be written: that is said, and the answer is
 * false.
 */
export async function writeReports(
  files: readonly ReportFile[],
  report: ReportData,
  tell: (line: string) => void,
): Promise<boolean> {
  let written = true;
  for (const { path, format } of files) {
    try {
      await writeReport(report, format, { path, option: '--report' });
      tell(`report written to ${path}`);
    } catch (error) {
      written = false;
      tell(`report not written: ${toHiveError(error).message}`);
    }
  }
  return written;
}

async function* gathered(events: AsyncGenerator<TrainingEvent>, into: SessionGatherer): AsyncGenerator<TrainingEvent> {
  for await (const event of events) {
    into.take(event);
    yield event;
  }
}

/** Who makes a report, and when. */
export function madeNow(): ReportData['made'] {
  return { hive: HIVE_VERSION, node: process.versions.node, at: new Date().toISOString() };
}

/** Writes one format into a file that `option` named, as it is made. @throws HiveError `validation` when the file cannot be written. */
export async function writeReport(
  report: ReportData,
  format: ReportFormat,
  { path, option }: { path: string; option: string },
): Promise<void> {
  const { renderReport } = await import('@hive/report');
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'w');
    for await (const part of renderReport(report, format)) await file.writeFile(part);
  } catch (error) {
    throw unwritable({ path, option }, error);
  } finally {
    await file?.close();
  }
}

/** Leaves nothing behind: a session that fails has no report. */
function checkWritable(path: string): void {
  try {
    const isNew = !existsSync(path);
    closeSync(openSync(path, 'a'));
    if (isNew) rmSync(path);
  } catch (error) {
    throw unwritable({ path, option: '--report' }, error);
  }
}

/** What else went wrong is passed on as it is. */
function unwritable({ path, option }: { path: string; option: string }, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === undefined) return cause;
  return new HiveError('validation', `${option}: ${path} cannot be written (${code})`, {
    hint: 'name a file in an existing directory with write permission',
    cause,
  });
}
