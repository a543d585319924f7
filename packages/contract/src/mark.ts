import { z } from 'zod';
import { instant, limitQuery } from './route-inputs.js';
import { labelsSchema } from './label.js';

const MOST_TEXT = 200;
const MOST_URL = 2_000;

export const markInputSchema = z.strictObject({
  /** Absent: it concerns every target. */
  target: z.string().optional(),
  /** Default: now. */
  at: instant.optional(),
  /** What happened, such as `shop 4.2.1`. */
  text: z
    .string()
    .trim()
    .min(1)
    .max(MOST_TEXT)
    .regex(/^\P{Cc}*$/u, 'must not contain line breaks or other control characters'),
  /** Where more is said, such as the page of a release. */
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
    .max(MOST_URL)
    .optional(),
  labels: labelsSchema.optional(),
});
export type MarkInput = z.input<typeof markInputSchema>;

export const markSchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** Null: it concerns every target. */
  target: z.string().nullable(),
  text: z.string(),
  url: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
});
/** Something that happened to a service and may explain a change: a release, a migration, another machine. */
export type Mark = z.infer<typeof markSchema>;

/** `target`: its marks, and those that concern every target. */
export const marksQuery = z.object({
  target: z.string().optional(),
  /** Both inclusive. */
  from: instant.optional(),
  to: instant.optional(),
  limit: limitQuery(100, 500),
});

/** Id of a mark. */
export function newMarkId(): string {
  return `mrk_${crypto.randomUUID()}`;
}
