export {
  annotationsOf,
  annotationsOfComparison,
  comparisonMarkdown,
  workflowCommand,
  type Annotation,
} from './annotations.js';
export { compareReports, hasFoundLimit, pastLimits, type ReportRules } from './compare-reports.js';
export { formatOfFile, renderReport, runsAsCsv } from './formats.js';
export { MOST_REPORT_BYTES, parseReport } from './parse-report.js';
export { reportOf, withExpectations } from './report-of.js';
export { trailsOf } from './trails.js';
export type { ReportSource } from './report-source.js';
export { reportJsonSchema } from './report-schema.js';
export type { ReportData } from './report-schema.js';
