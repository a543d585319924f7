import { z } from 'zod';

/** What is named so may be sent to targets. */
export const SECRET_PREFIX = 'HIVE_SECRET_';

export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'write letters, digits and _, at most 100, beginning with a letter or _');

export const secretValueSchema = z.strictObject({ value: z.string().min(1).max(10_000) });

export const storedSecretSchema = z.object({
  name: z.string(),
  changedAt: z.iso.datetime(),
  /** False: its value was left out of the backup that it came from, and must be set again. */
  isSet: z.boolean(),
  /** Whether it may be sent to targets: its name begins with HIVE_SECRET_. */
  forTargets: z.boolean(),
});
/** A secret, without its value: that is never shown. */
export type StoredSecret = z.infer<typeof storedSecretSchema>;
