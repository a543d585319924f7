import { stringify } from 'csv-stringify/sync';

/** Rows as lines of CSV (RFC 4180); what is missing in one stays empty. */
export function csvText(rows: readonly unknown[][], columns: number): string {
  const whole = rows.map((row) => Array.from({ length: columns }, (_, at) => cell(row[at])));
  return stringify(whole, { record_delimiter: '\r\n', cast: { boolean: String } });
}

/** A spreadsheet runs what begins with one of these signs, in some also after a tab or a line break. Numbers are left as they are. */
function cell(value: unknown): unknown {
  return typeof value === 'string' && /^[\s\0]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value;
}
