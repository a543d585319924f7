import { z } from 'zod';
import { isReference, WEEKDAYS, type ChannelType } from './channel-types.js';
import { labelsSchema } from './label.js';
import { FILES } from './managed-by.js';
import { SEVERITIES } from './severity.js';

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'must not contain line breaks or other control characters');

const address = line(2_000).refine(
  isAddress,
  'must be an http:// or https:// address without a user, such as https://hooks.example.org/hive, or ${NAME}',
);
const email = line(320).refine(
  (text) => z.email().safeParse(text).success,
  'must be an e-mail address such as on-call@example.org',
);

function isAddress(text: string): boolean {
  if (text.includes('${')) return true;
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** What each type needs. Sealed fields that are absent when a channel is replaced stay as they are. */
const SETTINGS = {
  webhook: {
    url: address,
    /** Signs what is sent. */
    secret: line(500)
      .refine((text) => isReference(text) || text.length >= 16, 'must have at least 16 characters')
      .optional(),
  },
  email: {
    to: z.array(email).min(1).max(50),
    from: email,
    /** Absent: the server of HIVE_SMTP_URL. */
    smtp: z
      .strictObject({
        host: line(253),
        port: z.int().min(1).max(65_535).default(587),
        /** `starttls` demands it; `none` sends everything readable. */
        security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
        user: line(200).optional(),
      })
      .optional(),
    /** Of the user of `smtp`. */
    password: line(1_000).optional(),
    /** On this day, at 07:00 UTC, what happened in the week before; absent: never. */
    weekly: z.enum(WEEKDAYS).optional(),
  },
  slack: {
    /** Of an incoming webhook. Who has it can post. */
    url: address.optional(),
  },
  teams: {
    /** Of a workflow that posts to a channel. Who has it can post. */
    url: address.optional(),
  },
  pagerduty: {
    /** Of an integration "Events API v2". */
    routingKey: line(200).optional(),
    url: address.default('https://events.pagerduty.com/v2/enqueue'),
  },
  apprise: {
    /** Of apprise-api, such as http://apprise:8000/notify/hive. */
    url: address,
    /** Which of its addresses. */
    tag: line(200).optional(),
    /** Addresses for an apprise-api that stores none. */
    urls: line(4_000).optional(),
  },
} as const;

export const channelIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'write lower-case letters, digits, - and _, at most 64');

/** Labels of targets and rules; `severity` is one more. */
export const labelsOrSeveritySchema = labelsSchema.refine(
  ({ severity }) => severity === undefined || (SEVERITIES as readonly string[]).includes(severity),
  { path: ['severity'], error: `must be one of ${SEVERITIES.join(', ')}` },
);

const common = {
  /** What rules call it, such as pd-shop. Default: a random one. */
  id: channelIdSchema.optional(),
  name: line(100).optional(),
  /** Only incidents with these labels; `severity` is one of them. A rule with `routes` says itself to whom it goes. */
  when: labelsOrSeveritySchema.default({}),
  on: z.boolean().default(true),
};
const inputOf = <Type extends ChannelType>(type: Type) =>
  z.strictObject({ ...common, type: z.literal(type), ...SETTINGS[type] });

export const channelInputSchema = z.discriminatedUnion('type', [
  inputOf('webhook'),
  inputOf('email'),
  inputOf('slack'),
  inputOf('teams'),
  inputOf('pagerduty'),
  inputOf('apprise'),
]);
export type ChannelInput = z.input<typeof channelInputSchema>;

const shown = {
  id: z.string(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  name: z.string().nullable(),
  when: z.record(z.string(), z.string()),
  on: z.boolean(),
  /** `files`: hive apply made it, and alone changes it. */
  managedBy: z.literal(FILES).optional(),
  /** Fields that are set and not shown. */
  set: z.array(z.string()),
  /** Its newest weekly mail, as lists show it; absent: none was due. */
  lastWeekly: z
    .object({
      dueAt: z.iso.datetime(),
      /** Null: it is tried again, or Hive was stopped while it sent it. */
      endedAt: z.iso.datetime().nullable(),
      /** Null: it was sent, where it has ended. */
      problem: z.string().nullable(),
    })
    .optional(),
};
const shownOf = <Type extends ChannelType>(type: Type) =>
  z.object({ ...shown, type: z.literal(type), ...SETTINGS[type] });

export const channelSchema = z.discriminatedUnion('type', [
  shownOf('webhook'),
  shownOf('email'),
  shownOf('slack'),
  shownOf('teams'),
  shownOf('pagerduty'),
  shownOf('apprise'),
]);
/** Where messages go, without what is secret. */
export type Channel = z.infer<typeof channelSchema>;

export const testedChannelSchema = z.object({
  ok: z.boolean(),
  ms: z.int(),
  /** Of the answer; of e-mail: of the reply of the server. Null: there was none. */
  status: z.int().nullable(),
  /** The beginning of the answer. */
  body: z.string().nullable(),
  problem: z.string().nullable(),
  hint: z.string().nullable(),
});
/** What became of a test message. */
export type TestedChannel = z.infer<typeof testedChannelSchema>;

/** Id of a channel that nobody named. */
export function newChannelId(): string {
  return `chn_${crypto.randomUUID()}`;
}
