import { HiveError } from '@hive/contract';

/** One mistake in a file: where it is and how to fix it. */
export interface Mistake {
  /** From 1; null where the file as a whole is meant. */
  line: number | null;
  column: number | null;
  /** Such as `requests[0].method`; empty for the file as a whole. */
  field: string;
  message: string;
}

/** Shown at once; a file with more is not described by hand. */
const SHOWN = 50;

/** One error for everything that is wrong in a file: `details.problems` lists it, the message shows it in the order of the lines. */
export function mistakesError(fileName: string, mistakes: readonly Mistake[], hint?: string): HiveError {
  const problems = [...mistakes].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const more = { details: { file: fileName, problems }, ...(hint === undefined ? {} : { hint }) };
  const [first] = problems;
  if (problems.length === 1 && first) return new HiveError('validation', `${fileName}${shown(first)}`, more);
  const lines = problems.slice(0, SHOWN).map((mistake) => `\n  ${fileName}${shown(mistake)}`);
  const rest = problems.length > SHOWN ? `\n  … and ${problems.length - SHOWN} more` : '';
  return new HiveError('validation', `${fileName} has ${problems.length} problems:${lines.join('')}${rest}`, more);
}

function shown({ line, column, field, message }: Mistake): string {
  const place = line === null ? '' : `:${line}:${column ?? 1}`;
  return `${place}: ${field === '' ? '' : `${field}: `}${message}`;
}

/** `['requests', 0, 'headers', 'x-a']` → `requests[0].headers.x-a`. */
export function fieldOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
