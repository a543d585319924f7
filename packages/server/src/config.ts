import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { HiveError, isHostName } from '@hive/contract';
import { z } from 'zod';

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

const settingsSchema = z.object({
  host: z.string().default('127.0.0.1'),
  port: port.default(8_000),
  dashboardPort: port.default(3_000),
  dataDir: z.string().default('.hive'),
  databaseUrl: urlOf(/^postgres(ql)?$/, 'postgres://user@host:5432/hive').default(null),
  redisUrl: urlOf(/^rediss?$/, 'redis://host:6379').default(null),
  redisPrefix: z.string().default('hive:'),
  token: z.string().regex(/^\S+$/, 'must not contain spaces').nullable().default(null),
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
  threads: z.coerce.number(THREADS).int(THREADS).min(1, THREADS).max(64, THREADS).default(1),
  logLevel: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
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
  allowTargets: 'HIVE_ALLOW_TARGETS',
  allowHosts: 'HIVE_ALLOW_HOSTS',
  corsOrigins: 'HIVE_CORS_ORIGINS',
  threads: 'HIVE_THREADS',
  logLevel: 'HIVE_LOG_LEVEL',
} as const satisfies Record<keyof z.input<typeof settingsSchema>, string>;

/** Everything the server is told from outside, complete and frozen. */
export type Config = Readonly<Omit<z.output<typeof settingsSchema>, 'allowHosts' | 'corsOrigins'>> & {
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
 * @throws HiveError `validation` that names every wrong variable at once, `refused_by_safety` for a bind beyond loopback without a token.
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
  const { allowHosts, corsOrigins, ...settings } = parsed.data;
  if (settings.token === null && !isLoopback(settings.host)) {
    throw new HiveError(
      'refused_by_safety',
      `${settings.host} can be reached from other machines, and no token protects it`,
      { hint: 'set HIVE_TOKEN to a long random string, or bind to 127.0.0.1' },
    );
  }
  return Object.freeze({
    ...settings,
    allowTargets: Object.freeze(settings.allowTargets) as string[],
    allowHosts: Object.freeze(namesOf(allowHosts, settings.host)),
    corsOrigins: Object.freeze(
      corsOrigins?.map((origin) => new URL(origin).origin) ??
        ['localhost', '127.0.0.1'].map((name) => `http://${name}:${settings.dashboardPort}`),
    ),
    version: readVersion(),
    secrets: Object.freeze(Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith(SECRET_PREFIX)))),
  });
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

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '';
}

/** Whether only this machine can reach a server that listens there. A name other than localhost is not trusted to be. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}
