import { z } from 'zod';

interface ReportFormatEntry {
  /** For people. */
  label: string;
  mediaType: string;
  /** How names of its files end; the first is what Hive writes. */
  extensions: readonly [string, ...string[]];
}

/** Every format of a report. Each is one file of packages/report/src/formats. */
export const REPORT_FORMATS = {
  text: { label: 'Text', mediaType: 'text/plain; charset=utf-8', extensions: ['.txt'] },
  json: { label: 'JSON', mediaType: 'application/json; charset=utf-8', extensions: ['.json'] },
  md: { label: 'Markdown', mediaType: 'text/markdown; charset=utf-8', extensions: ['.md'] },
  html: { label: 'Web page', mediaType: 'text/html; charset=utf-8', extensions: ['.html', '.htm'] },
  pdf: { label: 'PDF', mediaType: 'application/pdf', extensions: ['.pdf'] },
  csv: { label: 'CSV', mediaType: 'text/csv; charset=utf-8', extensions: ['.csv'] },
  junit: { label: 'JUnit XML', mediaType: 'application/xml; charset=utf-8', extensions: ['.xml'] },
  openmetrics: {
    label: 'OpenMetrics',
    mediaType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    extensions: ['.prom'],
  },
  badge: { label: 'Badge (SVG)', mediaType: 'image/svg+xml; charset=utf-8', extensions: ['.svg'] },
} as const satisfies Record<string, ReportFormatEntry>;

export type ReportFormat = keyof typeof REPORT_FORMATS;
export const REPORT_FORMAT_NAMES = Object.keys(REPORT_FORMATS) as [ReportFormat, ...ReportFormat[]];
export const reportFormatSchema = z.enum(REPORT_FORMAT_NAMES);

/** What a file of a report is called: whatever stands in the id, it is one plain name. */
export function reportFileName(sessionId: string, format: ReportFormat): string {
  const name = sessionId.replaceAll(/[^\w-]+/g, '_').slice(0, 100) || 'report';
  return `${name}${REPORT_FORMATS[format].extensions[0]}`;
}
