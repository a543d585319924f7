import { config, type core } from 'zod';
import { didYouMean } from './did-you-mean.js';

type Issue = Parameters<core.$ZodErrorMap>[0];

/** Every schema of Hive uses these words unless it has its own: in the terminal, the API, files and the environment. */
config({ customError: issueWords });

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of names to values',
  record: 'a mapping of names to values',
};

const FORMATS: Readonly<Record<string, string>> = {
  url: 'must be an http:// or https:// address',
  datetime: 'write an ISO 8601 time such as 2026-01-31T12:00:00Z',
};

/** What is wrong with a value and how to fix it; undefined: as zod says it. */
function issueWords(issue: Issue): string | undefined {
  const value = issue.input;
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue.expected, value);
    case 'invalid_format':
      return FORMATS[issue.format];
    case 'unrecognized_keys':
      return 'is unknown';
    case 'invalid_value': {
      const known = issue.values.map(String);
      const meant = typeof value === 'string' ? didYouMean(value, known) : null;
      return `must be ${known.length > 1 ? 'one of ' : ''}${known.join(', ')}${meant === null ? '' : `: did you mean ${meant}?`}`;
    }
    case 'too_small':
      return `must ${bound(issue.origin, issue.inclusive === false ? 'above' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue.origin, issue.inclusive === false ? 'below' : 'at most', issue.maximum)}`;
    default:
      return undefined;
  }
}

function typeWords(expected: string, value: unknown): string {
  const wanted = EXPECTED[expected] ?? expected;
  if (value === undefined) return `is missing: give ${wanted}`;
  if (value === null) return `is empty: give ${wanted}, or remove it`;
  const quotes = expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  const whole = expected === 'int' && typeof value === 'number';
  if (whole) return 'must be a whole number';
  if (typeof value === 'number' && !Number.isFinite(value))
    return `must be ${wanted}${Number.isNaN(value) ? '' : ', and finite'}`;
  return `must be ${wanted}, not ${kindOf(value)}${quotes ? ': put it in quotes' : ''}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'a string';
  return typeof value === 'number' ? 'a number' : 'true or false';
}

function bound(origin: string, how: string, limit: number | bigint): string {
  if (origin === 'array' || origin === 'set') return `have ${how} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') return `have ${how} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  return `be ${how} ${limit}`;
}
