import type { ReportData } from '../report-schema.js';

/** The parts of a file, in order. Text is UTF-8. */
export type Rendered = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Makes one format of a report. It sees the report alone: no clock, no files, no network. */
export type Render = (report: ReportData) => Rendered;
