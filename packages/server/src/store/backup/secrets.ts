import type { Target } from '@hive/contract';
import type { BackedTable } from './tables.js';
import type { BackupRow } from './format.js';

/** Names of headers whose values open doors. */
const SECRET_HEADER = /auth|cookie|token|secret|password|api-?key|credential/i;
/** What refers to an environment variable is no secret itself. */
const REFERENCE = /\$\{\w+\}/;
/** In place of a value that was left out: it says by its name what is missing, when the target is measured. */
const LEFT_OUT = '${HIVE_SECRET_LEFT_OUT_OF_BACKUP}';

/** The row without what may be secret in it: the headers of a target. */
export function withoutSecrets({ name, columns }: BackedTable, row: BackupRow): BackupRow {
  if (name !== 'targets') return row;
  const place = columns.findIndex((column) => column.name === 'target');
  const text = row[place];
  if (text == null) return row;
  const target = JSON.parse(text) as Target;
  const requests = target.requests.map((request) => ({
    ...request,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([header, value]) => [
        header,
        SECRET_HEADER.test(header) && !REFERENCE.test(value) ? LEFT_OUT : value,
      ]),
    ),
  }));
  return row.with(place, JSON.stringify({ ...target, requests }));
}
