import { z } from 'zod';
import { targetInputSchema, type TargetInput } from './target.js';

const MIB = 1024 ** 2;
/** The largest file that becomes a target. */
export const MOST_IMPORT_BYTES = 64 * MIB;
/** A body has the file as one JSON string, in which some characters take more room. */
export const MOST_IMPORT_BODY = 80 * MIB;

export const importInputSchema = z.strictObject({
  /** The text of an OpenAPI document (YAML or JSON), a HAR recording or an access log; which of them is found by itself. */
  file: z.string().min(1, 'send the text of the file').max(MOST_IMPORT_BYTES, 'is larger than 64 MiB'),
  /** Where the service is: takes the place of what the file says, and is needed for a log. */
  url: z.url('write an address such as http://127.0.0.1:8080').optional(),
  /** As it is named in messages. */
  name: z.string().max(200).optional(),
});

export const importedTargetSchema = z.object({
  /** A description to look over and save. */
  target: z.custom<TargetInput>((value) => targetInputSchema.safeParse(value).success),
  /** What was taken, what was left out, and what a person should do: one sentence each. */
  notes: z.array(z.string()),
});
/** A target that was made from a file. */
export type ImportedTarget = z.infer<typeof importedTargetSchema>;
