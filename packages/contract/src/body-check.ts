import { z } from 'zod';
import { jsonPathSchema } from './auth.js';

/** Of an answer's body, this much is looked at, bytes. */
export const CHECKED_BYTES = 64 * 1024;

const text = z.string().min(1).max(1_000);

const wantedSchema = z
  .strictObject({
    /** Stands in the body. */
    contains: text.optional(),
    /** A regular expression that fits a part of the body. */
    matches: text
      .superRefine((source, context) => {
        const problem = whyNotExpression(source);
        if (problem !== null) context.addIssue({ code: 'custom', message: problem });
      })
      .optional(),
    /** The body is JSON that has these values at these paths. */
    json: z
      .record(z.string(), z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]))
      .superRefine(checkPaths)
      .optional(),
  })
  .refine((check) => Object.values(check).some((one) => one !== undefined), 'give contains, matches or json');

export const bodyCheckSchema = z.union([text, wantedSchema], {
  error: (issue) => (typeof issue.input === 'object' ? undefined : 'write a text, or contains, matches or json'),
});
/** What the body of a good answer must show; a text alone is `contains`. */
export type BodyCheck = z.infer<typeof bodyCheckSchema>;

function checkPaths(wanted: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const path of Object.keys(wanted)) {
    const message = jsonPathSchema.safeParse(path).error?.issues[0]?.message;
    if (message !== undefined) context.addIssue({ code: 'custom', path: [path], message });
  }
}

/** Why this is no expression that may be tried on every answer; null: it may. */
function whyNotExpression(source: string): string | null {
  let refersBack: boolean;
  try {
    refersBack = /\\[1-9k]/.test(new RegExp(source, 'su').source);
  } catch (error) {
    return `is no regular expression: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`;
  }
  if (refersBack) return 'refers back to a group: such an expression may take for ever on some answers';
  return hasNestedRepeat(source)
    ? 'repeats what repeats, such as (a+)*: such an expression may take for ever on some answers'
    : null;
}

/** Whether a group in which something is repeated, or which has alternatives, is repeated itself. */
function hasNestedRepeat(source: string): boolean {
  const plain = source.replace(/\\./gsu, 'x').replace(/\[[^\]]*\]/gsu, 'x');
  const repeats = [false];
  for (let at = 0; at < plain.length; at += 1) {
    const one = plain[at] as string;
    const isRepeat = /[*+{]/.test(one);
    if (one === '(') repeats.push(false);
    else if (one === ')') {
      const inside = repeats.pop() === true;
      if (inside && /[*+{]/.test(plain[at + 1] ?? '')) return true;
      if (inside) repeats[repeats.length - 1] = true;
    } else if (isRepeat || one === '|') repeats[repeats.length - 1] = true;
  }
  return false;
}
