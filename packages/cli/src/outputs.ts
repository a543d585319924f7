import type { TrainingEvent } from '@hive/engine';
import type { Sink } from '@hive/server';
import { InvalidArgumentError } from 'commander';
import { openCsv, type CsvFile } from './print/csv.js';
import { HIVE_VERSION } from '@hive/contract';

/** Where `--out` sends the seconds of a session while it is measured. */
export interface Output {
  to: 'csv' | 'otlp';
  /** A file, or the address of a collector. */
  place: string;
}

/** Files and collectors that are that get each second. */
export interface Outputs {
  /** The events, passed on as they come. */
  of(
    events: AsyncGenerator<TrainingEvent>,
    ids: { sessionId: string; targetId: string },
  ): AsyncGenerator<TrainingEvent>;
  /** Says what was lost. */
  close(): Promise<void>;
}

/** `FILE.csv`, `csv=FILE` or `otlp=URL`, repeatable. */
export function outputOption(text: string, before: Output[] | undefined): Output[] {
  const match = /^(csv|otlp)=(.+)$/.exec(text);
  const named = /^([a-z]+)=/.exec(text);
  if (match === null && named !== null)
    throw new InvalidArgumentError(`'${named[1]}' is no output. Write FILE.csv, csv=FILE or otlp=URL.`);
  const to = match?.[1] === 'otlp' ? 'otlp' : 'csv';
  return [...(before ?? []), { to, place: match?.[2] ?? text }];
}

/** Opens them all. @throws HiveError `validation` for a file that cannot be written or an address that is none. */
export async function openOutputs(outputs: readonly Output[] = [], tell: (line: string) => void): Promise<Outputs> {
  const files: CsvFile[] = [];
  const sinks: Sink[] = [];
  for (const { to, place } of outputs) {
    if (to === 'csv') files.push(openCsv(place));
    else sinks.push(await openCollector(place, tell));
  }
  return {
    async *of(events, ids) {
      for await (const event of events) {
        if (event.type === 'row') for (const file of files) file.add(event.window);
        for (const sink of sinks) sink.take(event, ids);
        yield event;
      }
    },
    async close() {
      for (const file of files) file.close();
      for (const { lost, sent, trouble } of await Promise.all(sinks.map((sink) => sink.close())))
        if (lost > 0) tell(`${lost} of ${lost + sent} seconds did not reach the collector: ${trouble}`);
    },
  };
}

async function openCollector(url: string, tell: (line: string) => void): Promise<Sink> {
  const { openOtlp } = await import('@hive/server');
  return openOtlp({ url, version: HIVE_VERSION, tell });
}
