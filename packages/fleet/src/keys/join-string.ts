import { HiveError } from '@hive/contract';
import { z } from 'zod';

const PREFIX = 'hive-join-';

const joinSchema = z.object({
  /** Address of the NATS server. */
  url: z.string(),
  id: z.string(),
  name: z.string(),
  region: z.string().nullable(),
  /** The invitation's credential and the seed of its key. */
  jwt: z.string(),
  seed: z.string(),
  /** Public key of the hub: nobody else's orders are followed. */
  hub: z.string(),
});
/** All that a load generator must know to join a fleet. */
export type Join = z.infer<typeof joinSchema>;

/** As one word that can be pasted. */
export function writeJoin(join: Join): string {
  return PREFIX + Buffer.from(JSON.stringify(join)).toString('base64url');
}

/** @throws HiveError `validation` where it is no join string; its text is not repeated, since it is a secret. */
export function readJoin(text: string): Join {
  const word = text.trim();
  try {
    if (!word.startsWith(PREFIX)) throw new Error('another beginning');
    return joinSchema.parse(JSON.parse(Buffer.from(word.slice(PREFIX.length), 'base64url').toString()));
  } catch {
    throw new HiveError('validation', 'what was given is not a join string, or not the whole of one', {
      hint: `get a new one with hive fleet invite NAME, and pass on the whole of it; it begins with ${PREFIX}`,
    });
  }
}
