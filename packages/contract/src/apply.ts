import { z } from 'zod';
import { channelIdSchema, channelInputSchema } from './channel.js';
import type { Labels } from './label.js';
import { maintenanceInputSchema } from './maintenance.js';
import { FILES, MANAGED_BY } from './managed-by.js';
import { instant } from './route-inputs.js';
import { ruleInputSchema } from './rule.js';
import { scheduleInputSchema } from './schedule.js';
import { targetInputSchema } from './target.js';

const MOST_DOCUMENTS = 500;
const idSchema = z
  .string()
  .regex(/^[a-z0-9][\w.-]{0,62}$/i, 'write letters, digits, - , _ and ., at most 63, such as shop-nightly');

/** What files describe, in the order in which it is made: a later kind may name something of an earlier one. */
export const DOCUMENT_KINDS = ['target', 'channel', 'schedule', 'rule', 'maintenance'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** One thing as a file describes it. `spec` is what the API takes for it. */
export const documentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('target'), id: idSchema, spec: targetInputSchema }),
  z.strictObject({ kind: z.literal('channel'), id: channelIdSchema, spec: channelInputSchema }),
  z.strictObject({ kind: z.literal('schedule'), id: idSchema, spec: scheduleInputSchema }),
  z.strictObject({ kind: z.literal('rule'), id: idSchema, spec: ruleInputSchema }),
  z.strictObject({
    kind: z.literal('maintenance'),
    id: idSchema,
    /** Without `from` it would begin anew each time. */
    spec: maintenanceInputSchema.and(z.object({ from: instant })),
  }),
]);
export type DocumentInput = z.input<typeof documentSchema>;
/** A document with every default. */
export type HiveDocument = z.output<typeof documentSchema>;

export const applyInputSchema = z.strictObject({
  documents: z.array(documentSchema).max(MOST_DOCUMENTS),
  /** Say what would change, and change nothing. */
  dryRun: z.boolean().default(false),
  /** Delete what was made from files and is in none any more. */
  prune: z.boolean().default(false),
});

export const appliedSchema = z.object({
  dryRun: z.boolean(),
  changes: z.array(
    z.object({
      kind: z.enum(DOCUMENT_KINDS),
      id: z.string(),
      change: z.enum(['created', 'changed', 'unchanged', 'deleted']),
    }),
  ),
});
/** What became of documents. */
export type Applied = z.infer<typeof appliedSchema>;

const PREFIXES = { schedule: 'sch_', rule: 'rul_', maintenance: 'mnt_' } as const;
const OF_FILES = 'file_';

/** The id under which a document is stored: `shop-nightly` of a file is the schedule `sch_file_shop-nightly`. An id of the API is itself. */
export function storedIdOf(kind: DocumentKind, id: string): string {
  if (kind === 'target' || kind === 'channel') return id;
  return id.startsWith(PREFIXES[kind]) ? id : `${PREFIXES[kind]}${OF_FILES}${id}`;
}

/** What a file calls what is stored under an id. */
export function documentIdOf(kind: DocumentKind, storedId: string): string {
  if (kind === 'target' || kind === 'channel') return storedId;
  return isIdOfFile(kind, storedId) ? storedId.slice(PREFIXES[kind].length + OF_FILES.length) : storedId;
}

/** Whether something was made from a file, by its id. */
export function isIdOfFile(kind: keyof typeof PREFIXES, storedId: string): boolean {
  return storedId.startsWith(`${PREFIXES[kind]}${OF_FILES}`);
}

/** What of a thing says whether it was made from a file. */
export interface OfFiles {
  id: string;
  /** Of a target. */
  labels?: Labels | undefined;
  /** Of a channel. */
  managedBy?: unknown;
}

/** Whether files describe something: then `hive apply` alone changes it. */
export function isOfFiles(kind: DocumentKind, { id, labels, managedBy }: OfFiles): boolean {
  if (kind === 'target') return labels?.[MANAGED_BY] === FILES;
  return kind === 'channel' ? managedBy === FILES : isIdOfFile(kind, id);
}
