import { closeSync, openSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { HiveError, kindSchema, type Ceiling, type Kind, type ReportFormat, type Target } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import type { ReportData } from '@hive/report';
import type { SessionGatherer } from '@hive/server';
import type { ExpectationOutcome } from './arguments/expectation.js';
import type { KeptSession } from './keeping.js';
import { HIVE_VERSION } from './version.js';

/** Reports that a command writes of the session it runs. */
export interface Reports {
  /** The session, its events passed on, and what reports are made of kept on the way. */
  of(session: KeptSession, target: Target): KeptSession;
  /** Writes the files, and says so. @throws HiveError when one cannot be written. */
  write(ceiling: Ceiling | null, expectations?: readonly ExpectationOutcome[]): Promise<void>;
}

/**
 * Looks at the files before anything is measured: each has the format of its name, and can be written. Without files nothing is loaded.
 * @throws HiveError `validation`.
 */
export async function openReports(paths: readonly string[] = [], tell: (line: string) => void): Promise<Reports> {
  if (paths.length === 0) return { of: (session) => session, write: async () => {} };
  const { formatOfFile, reportOf } = await import('@hive/report');
  const { startGathering } = await import('@hive/server');
  const files = paths.map((path) => ({ path, format: formatOfFile(path) }));
  for (const { path } of files) checkWritable(path);
  let gatherer: SessionGatherer | null = null;
  return {
    of(session, target) {
      const into = (gatherer = startGathering({ ...session, target }));
      return { ...session, events: (signal) => gathered(session.events(signal), into) };
    },
    async write(ceiling, outcomes = []) {
      if (gatherer === null) return;
      const expectations = outcomes.map((one) => ({ ...one, kind: kindOf(one) }));
      const report = reportOf(gatherer.end(null), { made: madeNow(), ceiling, expectations });
      for (const { path, format } of files) {
        await writeReport(report, format, path);
        tell(`report written to ${path}`);
      }
    },
  };
}

async function* gathered(events: AsyncGenerator<TrainingEvent>, into: SessionGatherer): AsyncGenerator<TrainingEvent> {
  for await (const event of events) {
    into.take(event);
    yield event;
  }
}

/** An expectation begins with its kind. */
function kindOf({ expression }: ExpectationOutcome): Kind {
  return kindSchema.parse(/^[a-z_]+/.exec(expression)?.[0]);
}

/** Who makes a report, and when. */
export function madeNow(): ReportData['made'] {
  return { hive: HIVE_VERSION, node: process.versions.node, at: new Date().toISOString() };
}

/** Writes one format into a file, as it is made. @throws HiveError `validation` when the file cannot be written. */
export async function writeReport(report: ReportData, format: ReportFormat, path: string): Promise<void> {
  const { renderReport } = await import('@hive/report');
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'w');
    for await (const part of renderReport(report, format)) await file.writeFile(part);
  } catch (error) {
    throw unwritable(path, error);
  } finally {
    await file?.close();
  }
}

function checkWritable(path: string): void {
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** What else went wrong is passed on as it is. */
function unwritable(path: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === undefined) return cause;
  return new HiveError('validation', `--report: ${path} cannot be written (${code})`, {
    hint: 'name a file in an existing directory with write permission',
    cause,
  });
}
