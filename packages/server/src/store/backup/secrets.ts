import type { BackedTable } from './tables.js';
import type { BackupRow } from './format.js';

/** Names of headers whose values open doors. */
const SECRET_HEADER = /auth|cookie|token|secret|password|api-?key|credential/i;
/**
 * What is an environment variable and nothing else is no secret itself; the name of an authentication scheme (RFC 9110, 11.1) may stand
 * before it. A default, or any other text beside it, may be one.
 */
const REFERENCE_ALONE = /^(?:(?:basic|bearer|digest|negotiate|token) +)?\$\{[A-Za-z_]\w*\}$/i;
/** In place of a value that was left out: it says by its name what is missing, when the target is measured. */
const LEFT_OUT = '${HIVE_SECRET_LEFT_OUT_OF_BACKUP}';
/** Requests have headers wherever they are kept: in a target, and in the plan of a run. */
const HEADERS = 'headers';

/** A hash of a password can be tried against lists of passwords; what is sealed opens with a key that may be lost elsewhere. */
const SECRET_COLUMNS: ReadonlySet<string> = new Set(['password_hash', 'sealed']);

/** The row without what may be secret in it: hashes of passwords, sealed secrets, and the headers of requests, in whatever column they are. */
export function withoutSecrets({ columns }: BackedTable, row: BackupRow): BackupRow {
  return row.map((text, place) => {
    if (SECRET_COLUMNS.has(columns[place]?.name ?? '')) return null;
    if (text === null || columns[place]?.type !== 'jsonb' || !text.includes(`"${HEADERS}"`)) return text;
    return JSON.stringify(withoutHeaders(JSON.parse(text)));
  });
}

function withoutHeaders(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutHeaders);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === HEADERS ? withoutValues(inner) : withoutHeaders(inner)]),
  );
}

function withoutValues(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return headers;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' && SECRET_HEADER.test(name) && !REFERENCE_ALONE.test(value) ? LEFT_OUT : value,
    ]),
  );
}
