export { formatOfFile, renderReport } from './formats.js';
export { MOST_REPORT_BYTES, parseReport } from './parse-report.js';
export { reportOf, type ReportMaking } from './report-of.js';
export type { ReportSource } from './report-source.js';
export { REPORT_VERSION, reportJsonSchema, reportSchema } from './report-schema.js';
export type { ReportData, ReportExpectation, ReportRun, ReportWindow } from './report-schema.js';
