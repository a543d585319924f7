import { z } from 'zod';

export const COMPARISON_ANSWERS = ['worse', 'better', 'same', 'no_evidence', 'not_comparable'] as const;
/**
 * What a comparison says: `worse` and `better` are shown and beyond the tolerance; `same`: whatever differs is shown to be within it;
 * `no_evidence`: too little was measured to say either.
 */
export type ComparisonAnswer = (typeof COMPARISON_ANSWERS)[number];

/** What runs of one load can be compared by. */
export const COMPARED_METRICS = ['p50', 'p95', 'p99', 'throughput', 'errors'] as const;
export type ComparedMetric = (typeof COMPARED_METRICS)[number];

/** What is said where nobody chose. */
export const DEFAULT_TOLERANCE = 0.1;
/** What decides where nobody chose. */
export const DEFAULT_GATES: readonly ComparedMetric[] = ['p95', 'errors'];

export const comparisonItemSchema = z.object({
  of: z.enum(['limit', 'metric']),
  /** A kind, or one of the metrics. */
  name: z.string(),
  unit: z.string(),
  /** What was measured on each side; null: nothing that is a number. */
  base: z.number().nullable(),
  candidate: z.number().nullable(),
  /** Candidate ÷ base; of `errors` the difference of the shares of requests, candidate − base. Null: no number. */
  ratio: z.number().nullable(),
  /** The 95 % interval of `ratio`; null: too few runs for one. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  answer: z.enum(COMPARISON_ANSWERS),
  /** Whether the whole answer follows from it. */
  decides: z.boolean(),
  /** Without evidence: the change, as a share (of `errors` a difference of shares), that 8 in 10 such comparisons would have shown. */
  couldHaveSeen: z.number().nullable().optional(),
  reason: z.string().optional(),
});
/** What was compared, and what came of it. */
export type ComparisonItem = z.infer<typeof comparisonItemSchema>;

export const comparisonSchema = z.object({
  answer: z.enum(COMPARISON_ANSWERS),
  /** As a share: 0.1 is 10 %. */
  tolerance: z.number(),
  items: z.array(comparisonItemSchema),
  /** Why it could not be compared, or no better. */
  reasons: z.array(z.string()),
});
/** What came of comparing two sessions, or runs of two targets in turn. The base is what the candidate is held against. */
export type Comparison = z.infer<typeof comparisonSchema>;

/** The exit code of a comparison is 91 for `worse`, 90 for `not_comparable`; these words go before the figures. */
export const COMPARISON_LABELS: Record<ComparisonAnswer, string> = {
  worse: 'Worse',
  better: 'Better',
  same: 'No difference beyond the tolerance',
  no_evidence: 'Not shown either way',
  not_comparable: 'Not comparable',
};

/** The answer of several: worse if one is, better if one is and none is worse, the same if all are. */
export function overallAnswer(answers: readonly ComparisonAnswer[]): ComparisonAnswer {
  if (answers.length === 0) return 'not_comparable';
  for (const strong of ['worse', 'better'] as const) if (answers.includes(strong)) return strong;
  if (answers.every((one) => one === 'not_comparable')) return 'not_comparable';
  return answers.every((one) => one === 'same') ? 'same' : 'no_evidence';
}
