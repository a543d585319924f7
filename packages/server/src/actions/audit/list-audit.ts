import type { AuditEntry } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { AuditFilter, AuditTable } from '../../store/store.js';
import type { ReportFile } from '../training/report-session.js';
import type { Verb } from '../verb.js';

const PAGE = 500;
const COLUMNS = ['at', 'who', 'name', 'action', 'on', 'from', 'outcome', 'reason'] as const;

/** What was done, the newest first. */
export function listAudit(
  audit: Pick<AuditTable, 'listAudit'>,
): Verb<AuditFilter, { rows: AuditEntry[]; next: string | null }> {
  return async (actor, filter) => {
    demand(actor, 'audit.read');
    return audit.listAudit(filter);
  };
}

/** All of it that fits, as a file, read as it is sent. */
export function exportAudit(
  audit: Pick<AuditTable, 'listAudit'>,
): Verb<Omit<AuditFilter, 'after' | 'limit'>, ReportFile> {
  return async (actor, filter) => {
    demand(actor, 'audit.read');
    // A filter that is refused is an error, and not a file that breaks off.
    await audit.listAudit({ ...filter, limit: 1 });
    return { name: 'hive-audit.csv', mediaType: 'text/csv; charset=utf-8', parts: linesOf(audit, filter) };
  };
}

async function* linesOf(
  audit: Pick<AuditTable, 'listAudit'>,
  filter: Omit<AuditFilter, 'after' | 'limit'>,
): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\n`;
  let after: string | undefined;
  do {
    const { rows, next } = await audit.listAudit({ ...filter, after, limit: PAGE });
    for (const row of rows) yield `${COLUMNS.map((column) => cellOf(row[column])).join(',')}\n`;
    after = next ?? undefined;
  } while (after !== undefined);
}

/** RFC 4180; what a spreadsheet would calculate is text. */
function cellOf(value: string | null): string {
  const text = /^[=+\-@\t\r]/.test(value ?? '') ? `'${value}` : (value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
