import { REPORT_FORMATS, reportFileName, type Ceiling, type ReportFormat } from '@hive/contract';
import { renderReport, reportOf } from '@hive/report';
import { sessionSource } from '../../history/session-source.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** A report as a file. */
export interface ReportFile {
  name: string;
  mediaType: string;
  parts: AsyncIterable<string | Uint8Array>;
}

interface Parts {
  store: Store;
  /** Of Hive. */
  version: string;
  now: () => number;
  ceiling: () => Ceiling | null;
}

/** The report of one session in one format. Throws HiveError `not_found`. */
export function reportSession({
  store,
  version,
  now,
  ceiling,
}: Parts): Verb<{ id: string; format: ReportFormat }, ReportFile> {
  return async (actor, { id, format }) => {
    demand(actor, 'read');
    const made = { hive: version, node: process.versions.node, at: new Date(now()).toISOString() };
    const report = reportOf(await sessionSource(store, id), { made, ceiling: ceiling() });
    const { mediaType } = REPORT_FORMATS[format];
    return { name: reportFileName(id, format), mediaType, parts: renderReport(report, format) };
  };
}
