import { z } from 'zod';
import { permissionSchema, roleSchema, type Role } from './permission.js';
import { labelsSchema } from './label.js';
import { instant } from './route-inputs.js';

/** How a Hive knows who is calling. */
export const MODES = ['open', 'token', 'users'] as const;
export type Mode = (typeof MODES)[number];

const LEAST_PASSWORD = 12;
const MOST_PASSWORD = 200;
const MOST_EMAIL = 254;
const MOST_NAME = 100;

const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(MOST_EMAIL)
  .regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, 'write an e-mail address such as ada@example.org');
/** What is typed into a sign-in page may be anything: it is compared, and nothing else. */
const typed = z.string().max(1_000);
const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(MOST_NAME)
  .regex(/^\P{Cc}*$/u, 'must not contain line breaks or other control characters');
const passwordSchema = z
  .string()
  .min(LEAST_PASSWORD, `a password has at least ${LEAST_PASSWORD} characters`)
  .max(MOST_PASSWORD, `a password has at most ${MOST_PASSWORD} characters`);

/** Only who may not change what all share can be limited to some targets. */
function mayBeLimited({ role, targets }: { role: Role; targets?: unknown }): boolean {
  return role !== 'admin' || targets === null || targets === undefined;
}
const LIMITED_ADMIN = {
  path: ['targets'],
  error: 'an admin cannot be limited to some targets: use another role',
};

/** Only targets that have all of these labels; null: all targets. */
const targetLabelsSchema = labelsSchema
  .refine((labels) => Object.keys(labels).length > 0, 'name at least one label, such as team=shop')
  .nullable();

export const userInputSchema = z
  .strictObject({
    email: emailSchema,
    /** Default: the e-mail address. */
    name: nameSchema.optional(),
    role: roleSchema,
    targets: targetLabelsSchema.optional(),
    /** Absent: it stays as it is; someone new without one cannot sign in with a password. */
    password: passwordSchema.optional(),
  })
  .refine(mayBeLimited, LIMITED_ADMIN);
export type UserInput = z.input<typeof userInputSchema>;

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  targets: z.record(z.string(), z.string()).nullable(),
  /** How this person can sign in. */
  signsInWith: z.array(z.enum(['password', 'oidc'])),
  createdAt: z.iso.datetime(),
  /** Null: never. */
  lastSeenAt: z.iso.datetime().nullable(),
});
/** Someone who may sign in. */
export type User = z.infer<typeof userSchema>;

export const userSessionSchema = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** The address it was begun from, and what the browser called itself. */
  from: z.string().nullable(),
  agent: z.string().nullable(),
  /** The one of who asks. */
  current: z.boolean(),
});
/** A browser in which someone is signed in. */
export type UserSession = z.infer<typeof userSessionSchema>;

export const meSchema = z.object({
  mode: z.enum(MODES),
  /** Null: nobody is known. */
  id: z.string().nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  role: roleSchema.nullable(),
  /** What may be done; empty for nobody. */
  permissions: z.array(permissionSchema),
  /** Only targets that have all of these labels; null: all targets. */
  targets: z.record(z.string(), z.string()).nullable(),
  /** What the sign-in page offers. */
  signIn: z.object({
    password: z.boolean(),
    /** At a provider of OpenID Connect, by its name; null: there is none. */
    oidc: z.object({ name: z.string() }).nullable(),
  }),
  /** Nobody can sign in yet: the first admin is made with the link that `hive up` printed. */
  needsFirstAdmin: z.boolean(),
});
/** Who asks, and what they may do. */
export type Me = z.infer<typeof meSchema>;

export const createTokenSchema = z
  .strictObject({
    /** What it is for, such as `CI of shop`. */
    name: nameSchema,
    role: roleSchema,
    targets: targetLabelsSchema.optional(),
    /** Absent: it never expires. */
    expiresAt: instant.optional(),
  })
  .refine(mayBeLimited, LIMITED_ADMIN);
export type CreateToken = z.input<typeof createTokenSchema>;

export const apiTokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The lesser of its own and its maker's now. */
  role: roleSchema,
  targets: z.record(z.string(), z.string()).nullable(),
  /** E-mail address of who made it; null: whoever runs this Hive. */
  maker: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** Null: never. */
  expiresAt: z.iso.datetime().nullable(),
  expired: z.boolean(),
  /** Null: never. */
  lastSeenAt: z.iso.datetime().nullable(),
});
/** A token of a program; the token itself is told once. */
export type ApiToken = z.infer<typeof apiTokenSchema>;

export const beginOidcSchema = z.strictObject({
  /** Origin of the dashboard, such as `https://hive.example.org`: the provider sends people back to it. */
  page: typed,
});
export const finishOidcSchema = z.strictObject({
  /** As the beginning told it. */
  attempt: typed,
  /** The query with which the provider sent the browser back, without the `?`. */
  answer: z.string().max(8_192),
});
export const signInSchema = z.strictObject({ email: typed, password: typed });
export const firstAdminSchema = z.strictObject({
  /** From the link. */
  code: typed,
  email: emailSchema,
  name: nameSchema.optional(),
  password: passwordSchema,
});
export const newPasswordSchema = z.strictObject({ current: typed, next: passwordSchema });
