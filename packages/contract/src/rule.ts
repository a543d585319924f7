import { z } from 'zod';
import { BASE_KIND, kindSchema } from './kind.js';
import { nameSchema } from './fleet.js';
import { channelIdSchema, labelsOrSeveritySchema } from './channel.js';
import { labelsSchema } from './label.js';
import { SEVERITIES } from './severity.js';

/** What a rule asks. */
const conditionSchema = z.discriminatedUnion('type', [
  /** Checks of a target come to one of these results. */
  z.strictObject({
    type: z.literal('checks'),
    results: z
      .array(z.enum(['fail', 'degraded']))
      .min(1)
      .default(['fail']),
  }),
  /** A session finds a safe intensity below this one. */
  z.strictObject({
    type: z.literal('limit'),
    kind: kindSchema.default(BASE_KIND),
    safeBelow: z.number().positive().max(1e9),
  }),
  /** A session is worse than the one before it, as `hive compare` decides. */
  z.strictObject({ type: z.literal('worse') }),
  /** Safe request rate ÷ peak traffic is below this. */
  z.strictObject({ type: z.literal('headroom'), below: z.number().positive().max(1_000) }),
  /** What a schedule does comes to `fail`; without an id: any schedule of the target that measures. */
  z.strictObject({ type: z.literal('schedule'), schedule: z.string().max(100).optional() }),
  /** A load generator on another machine was not heard for a minute, or has another version; without a region: any. */
  z.strictObject({ type: z.literal('load_generators'), region: nameSchema.optional() }),
]);
export type Condition = z.output<typeof conditionSchema>;

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'must not contain line breaks or other control characters');

const routeSchema = z.strictObject({
  /** Only incidents with these labels; `severity` is one of them. */
  when: labelsOrSeveritySchema.default({}),
  /** Ids of channels. */
  to: z.array(channelIdSchema).min(1).max(20),
});

export const ruleInputSchema = z
  .strictObject({
    name: line(100),
    /** Absent: every target. */
    target: z.string().min(1).max(100).optional(),
    when: conditionSchema,
    severity: z.enum(SEVERITIES).default('page'),
    /** Beside those of the target. */
    labels: labelsSchema.default({}),
    /** Says again, this often, that an incident is open that nobody acknowledged; absent: never. */
    remindMinutes: z.int().min(5, 'must be at least 5').max(44_640).optional(),
    /** To which channels its incidents go; absent: to every channel whose own labels fit. */
    routes: z.array(routeSchema).max(50).default([]),
    on: z.boolean().default(true),
  })
  .refine(({ when, target }) => when.type !== 'load_generators' || target === undefined, {
    path: ['target'],
    error: 'a rule about load generators is about no target: leave it out',
  });
export type RuleInput = z.input<typeof ruleInputSchema>;

export const ruleSchema = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  /** When what it watches was changed last: what was found before says nothing to it. */
  changedAt: z.iso.datetime(),
  name: z.string(),
  target: z.string().nullable(),
  when: conditionSchema,
  severity: z.enum(SEVERITIES),
  labels: z.record(z.string(), z.string()),
  remindMinutes: z.int().nullable(),
  routes: z.array(routeSchema),
  on: z.boolean(),
});
/** When an incident is opened. */
export type Rule = z.infer<typeof ruleSchema>;

/** Id of a rule. */
export function newRuleId(): string {
  return `rul_${crypto.randomUUID()}`;
}
