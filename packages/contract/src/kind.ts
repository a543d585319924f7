import { z } from 'zod';
import { didYouMean } from './did-you-mean.js';

/** The eight kinds of scenario, in the order they are shown everywhere, with the unit of each axis as it is printed after a number. */
const UNITS = {
  concurrent_requests: 'connections',
  load_balancing: 'requests/s',
  resource_allocation: 'requests/s',
  fault_tolerance: 'share',
  data_processing: 'bytes',
  network_latency: 'ms',
  memory_optimization: 'requests/s',
  cache_efficiency: 'keys',
} as const;

/** One kind of scenario: which axis is pushed, and how it is judged. */
export type Kind = keyof typeof UNITS;
export const KIND_UNITS: Readonly<Record<Kind, string>> = UNITS;
export const KINDS = Object.keys(UNITS) as unknown as readonly [Kind, ...Kind[]];
export const kindSchema = z.enum(KINDS);

/** The kind whose limit says what a modest load is, and whose rate can be held: the others run beside half of it. */
export const BASE_KIND: Kind = 'load_balancing';
/** What a session measures that names no kinds. */
export const DEFAULT_KINDS: readonly Kind[] = [BASE_KIND];

/** Names what was probably meant. */
function notAKind(written: unknown): string {
  const known = `must be one of ${KINDS.join(', ')}, or write "all" instead of a list`;
  const meant = typeof written === 'string' ? didYouMean(written, KINDS) : null;
  return meant === null ? known : `${known}: did you mean ${meant}?`;
}

const WANTED_KINDS = 'must be a list of kinds, or "all"';

/** Kinds to measure: a list, or the word `all`. The list alone is checked, so that an error names its entry. */
export const askedKindsSchema = z
  .preprocess(
    (value) => (value === 'all' ? [...KINDS] : value),
    z.array(z.enum(KINDS, { error: ({ input }) => notAKind(input) }), WANTED_KINDS).min(1, WANTED_KINDS),
  )
  .meta({
    type: undefined,
    items: undefined,
    minItems: undefined,
    anyOf: [{ const: 'all' }, { type: 'array', items: { type: 'string', enum: [...KINDS] }, minItems: 1 }],
  }) as z.ZodType as z.ZodType<Kind[], 'all' | Kind[]>;

/** The same in one text, as in an address: `a,b`, or `all`. */
export const listedKindsSchema = z
  .preprocess((value) => (typeof value === 'string' && value !== 'all' ? value.split(',') : value), askedKindsSchema)
  .meta({ anyOf: undefined, type: 'string' }) as z.ZodType as z.ZodType<Kind[], string>;

export const DIFFICULTIES = ['easy', 'medium', 'hard', 'extreme'] as const;
export const difficultySchema = z.enum(DIFFICULTIES);
/** A place relative to the learned limit, never an absolute load. */
export type Difficulty = z.infer<typeof difficultySchema>;
