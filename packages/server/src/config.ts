import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { HIVE_VERSION, HiveError, isHostName, userInputSchema } from '@hive/contract';
import { z } from 'zod';
import { oidcSettingsOf, type OidcSettings } from './identity/oidc-settings.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const THREADS = 'must be a whole number from 1 to 64';

const port = z.coerce
  .number('must be a port from 0 to 65535')
  .int('must be a port from 0 to 65535')
  .min(0, 'must be a port from 0 to 65535')
  .max(65_535, 'must be a port from 0 to 65535');
const list = z
  .union([z.string().transform((text) => text.split(',')), z.array(z.string())])
  .transform((entries) => entries.map((entry) => entry.trim()).filter((entry) => entry !== ''));
const urlOf = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `must look like ${example}` }).nullable();

const settingsSchema = z
  .object({
    host: z.string().default('127.0.0.1'),
    port: port.default(8_000),
    dashboardPort: port.default(3_000),
    dataDir: z.string().default('.hive'),
    databaseUrl: urlOf(/^postgres(ql)?$/, 'postgres://user@host:5432/hive').default(null),
    redisUrl: urlOf(/^rediss?$/, 'redis://host:6379').default(null),
    redisPrefix: z.string().default('hive:'),
    token: z.string().regex(/^\S+$/, 'must not contain spaces').nullable().default(null),
    firstAdmin: z.enum(['link'], 'must be link').nullable().default(null),
    adminEmail: z.string().nullable().default(null),
    adminPasswordFile: z.string().nullable().default(null),
    oidcIssuer: z
      .string()
      .refine(mayIssue, 'must look like https://accounts.example.org (http only on this machine)')
      .nullable()
      .default(null),
    oidcClientId: z.string().nullable().default(null),
    oidcClientSecretFile: z.string().nullable().default(null),
    oidcRoleClaim: z.string().default('groups'),
    oidcRoleMap: z.string().nullable().default(null),
    localLogin: z.enum(['on', 'off'], 'must be on or off').default('on'),
    allowTargets: list.default([]),
    allowHosts: list
      .pipe(
        z.array(
          z
            .string()
            .refine(isHostName, 'must be host names such as hive.example.org, without ports, separated by commas'),
        ),
      )
      .default([]),
    corsOrigins: list
      .pipe(z.array(z.string().refine(isOrigin, 'must be origins such as http://localhost:3000, separated by commas')))
      .optional(),
    natsUrl: urlOf(/^(nats|tls|wss?)$/, 'nats://127.0.0.1:4222 or tls://nats.example.org:4222').default(null),
    fleetKeys: z.string().nullable().default(null),
    heartbeatUrl: urlOf(/^https?$/, 'https://checks.example.org/hive').default(null),
    publicUrl: urlOf(/^https?$/, 'https://hive.example.org').default(null),
    allowChannels: list.default([]),
    smtpUrl: urlOf(/^smtps?$/, 'smtp://user:password@mail.example.org:587').default(null),
    encryptionKeyFile: z.string().nullable().default(null),
    threads: z.coerce.number(THREADS).int(THREADS).min(1, THREADS).max(64, THREADS).default(1),
    out: z
      .string()
      .regex(/^otlp=https?:\/\/./, 'must look like otlp=http://127.0.0.1:4318')
      .nullable()
      .default(null),
    logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  })
  .refine(({ fleetKeys, natsUrl }) => fleetKeys === null || natsUrl !== null, {
    path: ['natsUrl'],
    message: 'must be set where HIVE_FLEET_KEYS is: the address of the NATS server, such as nats://127.0.0.1:4222',
  });

/** Which variable sets what. */
const VARIABLES = {
  host: 'HIVE_HOST',
  port: 'HIVE_PORT',
  dashboardPort: 'HIVE_DASHBOARD_PORT',
  dataDir: 'HIVE_DATA',
  databaseUrl: 'DATABASE_URL',
  redisUrl: 'REDIS_URL',
  redisPrefix: 'HIVE_REDIS_PREFIX',
  token: 'HIVE_TOKEN',
  firstAdmin: 'HIVE_FIRST_ADMIN',
  adminEmail: 'HIVE_ADMIN_EMAIL',
  adminPasswordFile: 'HIVE_ADMIN_PASSWORD_FILE',
  oidcIssuer: 'HIVE_OIDC_ISSUER',
  oidcClientId: 'HIVE_OIDC_CLIENT_ID',
  oidcClientSecretFile: 'HIVE_OIDC_CLIENT_SECRET_FILE',
  oidcRoleClaim: 'HIVE_OIDC_ROLE_CLAIM',
  oidcRoleMap: 'HIVE_OIDC_ROLE_MAP',
  localLogin: 'HIVE_LOCAL_LOGIN',
  allowTargets: 'HIVE_ALLOW_TARGETS',
  allowHosts: 'HIVE_ALLOW_HOSTS',
  corsOrigins: 'HIVE_CORS_ORIGINS',
  natsUrl: 'NATS_URL',
  fleetKeys: 'HIVE_FLEET_KEYS',
  heartbeatUrl: 'HIVE_HEARTBEAT_URL',
  publicUrl: 'HIVE_PUBLIC_URL',
  allowChannels: 'HIVE_ALLOW_CHANNELS',
  smtpUrl: 'HIVE_SMTP_URL',
  encryptionKeyFile: 'HIVE_ENCRYPTION_KEY_FILE',
  threads: 'HIVE_THREADS',
  out: 'HIVE_OUT',
  logLevel: 'HIVE_LOG_LEVEL',
} as const satisfies Record<keyof z.input<typeof settingsSchema>, string>;

/** Everything the server is told from outside, complete and frozen. */
export type Config = Readonly<
  Omit<
    z.output<typeof settingsSchema>,
    'allowHosts' | 'corsOrigins' | 'firstAdmin' | 'adminEmail' | 'adminPasswordFile'
  >
> & {
  /** The provider at which people sign in; null: none. */
  readonly oidc: OidcSettings | null;
  /** Whether other machines can reach it: then it does not start without a login. */
  readonly beyondLoopback: boolean;
  /** How the first admin is made, where there is none. */
  readonly firstAdmin: { readonly link: boolean; readonly account: { email: string; password: string } | null };
  /** Names under which the API may be called, beside localhost: those listed, and that of `host`. */
  readonly allowHosts: readonly string[];
  /** Origins of pages that may call the API and follow the live feed. */
  readonly corsOrigins: readonly string[];
  readonly version: string;
  /** Variables named HIVE_SECRET_…: what a target's `${NAME}` may be filled from. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
};

/** What may be set from code, such as from the command line: it wins over the environment. */
export type ConfigOverrides = {
  [Key in keyof z.input<typeof settingsSchema>]?: z.input<typeof settingsSchema>[Key] | undefined;
};

/**
 * Reads the environment, once, into one frozen configuration. An empty variable counts as absent.
 * @throws HiveError `validation` that names every wrong variable at once.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  overrides: ConfigOverrides = {},
): Config {
  const raw: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(VARIABLES)) {
    const value = overrides[key as keyof ConfigOverrides] ?? (env[variable] || undefined);
    if (value !== undefined) raw[key] = value;
  }
  const parsed = settingsSchema.safeParse(raw);
  if (!parsed.success) throw refuse(parsed.error.issues);
  const { allowHosts, corsOrigins, firstAdmin, adminEmail, adminPasswordFile, ...settings } = parsed.data;
  return Object.freeze({
    ...settings,
    oidc: oidcSettingsOf(settings),
    beyondLoopback: !isLoopback(settings.host),
    firstAdmin: Object.freeze({ link: firstAdmin === 'link', account: accountOf(adminEmail, adminPasswordFile) }),
    allowTargets: Object.freeze(settings.allowTargets) as string[],
    allowChannels: Object.freeze(settings.allowChannels) as string[],
    allowHosts: Object.freeze(namesOf(allowHosts, settings.host)),
    corsOrigins: Object.freeze(
      corsOrigins?.map((origin) => new URL(origin).origin) ??
        ['localhost', '127.0.0.1'].map((name) => `http://${name}:${settings.dashboardPort}`),
    ),
    version: HIVE_VERSION,
    secrets: Object.freeze(Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith(SECRET_PREFIX)))),
  });
}

/** The account of the first admin; its password is in a file, because an environment is shown by many tools. */
function accountOf(email: string | null, file: string | null): { email: string; password: string } | null {
  if (email === null && file === null) return null;
  const refused = (message: string): HiveError =>
    new HiveError('validation', message, { hint: 'correct the environment variables and start again' });
  if (email === null || file === null)
    throw refused('HIVE_ADMIN_EMAIL and HIVE_ADMIN_PASSWORD_FILE are needed together');
  let password: string;
  try {
    password = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    throw refused(`HIVE_ADMIN_PASSWORD_FILE names ${file}, which cannot be read`);
  }
  const checked = userInputSchema.safeParse({ email, role: 'admin', password });
  if (checked.success) return { email: checked.data.email, password };
  const [issue] = checked.error.issues;
  throw refused(`${issue?.path[0] === 'email' ? 'HIVE_ADMIN_EMAIL' : 'HIVE_ADMIN_PASSWORD_FILE'}: ${issue?.message}`);
}

/** Targets that come through the API may name these alone: no one may read the server's other variables out in a header. */
const SECRET_PREFIX = 'HIVE_SECRET_';

function refuse(issues: readonly z.core.$ZodIssue[]): HiveError {
  const problems = issues.map((issue) => {
    const variable = VARIABLES[issue.path[0] as keyof typeof VARIABLES];
    return { field: variable, message: issue.message };
  });
  const unique = problems.filter((one, index) => problems.findIndex((other) => other.field === one.field) === index);
  return new HiveError('validation', unique.map(({ field, message }) => `${field} ${message}`).join('; '), {
    hint: 'correct the environment variables and start again',
    details: { problems: unique },
  });
}

function namesOf(allowHosts: readonly string[], host: string): string[] {
  return isIP(host) === 0 && isHostName(host) ? [...allowHosts, host] : [...allowHosts];
}

/** A password that passes through another machine in plain text is none. */
function mayIssue(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '';
}

/** Whether only this machine can reach a server that listens there. A name other than localhost is not trusted to be. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
