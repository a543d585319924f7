import { HiveError } from '@hive/contract';

/** What is wrong with what was sent: at its fields, and what belongs to none of those that are shown. */
export interface Problems {
  at: Readonly<Record<string, string>>;
  whole: string | null;
}

export const NO_PROBLEMS: Problems = { at: {}, whole: null };

/** Sorts what the API says against an input by the fields that a form has; `targets.team` belongs to `targets`. */
export function problemsOf(error: unknown, fields: readonly string[]): Problems {
  if (!(error instanceof HiveError)) return { at: {}, whole: 'The API does not answer. Try again.' };
  const found = fieldsOf(error);
  const at: Record<string, string> = {};
  const rest: string[] = [];
  for (const { field, message } of found) {
    const known = fields.find((name) => field === name || field.startsWith(`${name}.`));
    if (known === undefined) rest.push(field === '' ? sentence(message) : `${field}: ${message}`);
    else at[known] ??= sentence(message);
  }
  if (found.length === 0) rest.push(error.hint === undefined ? error.message : `${error.message}; ${error.hint}`);
  return { at, whole: rest.length === 0 ? null : sentence(rest.join('; ')) };
}

/** What the check of an input found, or the field that a verb names at the beginning of its message. */
function fieldsOf({ code, message, details }: HiveError): { field: string; message: string }[] {
  const problems = details?.['problems'];
  if (Array.isArray(problems)) return problems as { field: string; message: string }[];
  const [, field, text] = /^(\w+(?:\.\w+)*): (.+)$/s.exec(message) ?? [];
  const named = code === 'validation' || code === 'forbidden' || code === 'conflict';
  return named && field !== undefined && text !== undefined ? [{ field, message: text }] : [];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
