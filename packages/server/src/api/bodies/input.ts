import { HiveError } from '@hive/contract';
import type { z } from 'zod';

/** This many problems are named; whoever sends more has one that they share. */
const MOST_PROBLEMS = 20;

/** Parts of a request that are validated, as they are called in errors. */
export type InputPart = 'body' | 'query' | 'params';

/** What a schema objects to, each problem with its field: `requests.0.path`; of an unknown key, the key. */
export function invalidInput(issues: readonly z.core.$ZodIssue[], part: InputPart): HiveError {
  const problems = issues
    .slice(0, MOST_PROBLEMS)
    .flatMap((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys : [''];
      return keys.map((key) => ({
        field: [...issue.path, key].filter((name) => name !== '').join('.') || part,
        in: part,
        message: issue.message,
      }));
    })
    .slice(0, MOST_PROBLEMS);
  const more = issues.length > MOST_PROBLEMS ? `; and ${issues.length - MOST_PROBLEMS} more` : '';
  return new HiveError('validation', problems.map(({ field, message }) => `${field}: ${message}`).join('; ') + more, {
    hint: 'see /docs for what the request may contain',
    details: { problems },
  });
}

/** The character NUL, or half a surrogate pair: no database of ours can keep them. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** A string in `value` that cannot be stored; null: there is none. */
export function findUnstorable(value: unknown, whole: string): HiveError | null {
  const path = pathOfUnstorable(value);
  if (path === null) return null;
  const field = [whole, ...path].join('.');
  const message = 'contains a character that cannot be stored';
  return new HiveError('validation', `${field}: ${message}`, { details: { problems: [{ field, message }] } });
}

/** Where it is; of a key, what it is a key of. */
function pathOfUnstorable(value: unknown): (string | number)[] | null {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, inner] of entries) {
    if (typeof key === 'string' && UNSTORABLE.test(key)) return [];
    const path = pathOfUnstorable(inner);
    if (path !== null) return [key, ...path];
  }
  return null;
}
