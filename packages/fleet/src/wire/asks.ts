import type { Target } from '@hive/contract';
import type { AskedInTurn } from '@hive/engine';
import { z } from 'zod';

/** What a check asks of a load generator: of which target, how much, how long. `${NAME}` is filled in there. */
export interface Ask {
  target: Pick<Target, 'id' | 'nodes' | 'requests' | 'insecure'> & Partial<Pick<Target, 'identify' | 'tls' | 'auth'>>;
  count: number;
  eachWithinMs: number;
  allWithinMs: number;
}

/** The hub wants to ask: it needs a number that is good once. */
export const wantSchema = z.object({ ask: z.string() });
export const maySchema = z.object({ ask: z.string(), nonce: z.string() });

const askedInTurnSchema: z.ZodType<AskedInTurn> = z.object({
  node: z.string(),
  request: z.string(),
  good: z.boolean(),
  ms: z.number().nullable(),
  problem: z.string().nullable(),
});
export const answeredSchema = z.object({
  ask: z.string(),
  asked: z.array(askedInTurnSchema).max(1_000),
  certificateDays: z.int().nullable(),
});
export const notAskedSchema = z.object({ ask: z.string(), error: z.unknown() });
