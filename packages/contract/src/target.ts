import { z } from 'zod';
import { authSchema } from './auth.js';
import { bodyCheckSchema } from './body-check.js';
import { connectToSchema, placeSchema, unfitRule, withConnectTo } from './connect-to.js';
import { headersSchema } from './header-lines.js';
import { DEFAULT_OBJECTIVES, objectiveSchema, unknownClassOf } from './objective.js';
import { regionsSchema } from './fleet.js';
import { trafficSchema } from './traffic.js';
import { safetyInputSchema, safetySchema, toSafety } from './safety.js';
import { labelsSchema } from './label.js';
import { tlsSchema } from './tls.js';

/** Of base64: 16 MiB of bytes. */
const MOST_BODY_CHARACTERS = Math.ceil((16 * 1024 * 1024) / 3) * 4;

const positive = z.number().positive();
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/i, 'use at most 63 letters, digits, dots, dashes and underscores');

export const nodeSchema = z.object({
  /** `http://host:port[/base]` or `https://…`. */
  url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }),
  id: name.optional(),
  weight: positive.default(1),
  /** Path of the unix socket on which it listens; the url then says what to ask it for. */
  socket: z
    .string()
    .regex(/^\//, 'write the full path of the socket, such as /run/app.sock')
    .max(107, 'is too long for a socket path: use at most 107 characters')
    .optional(),
  /** `host:port` that is dialled in place of the URL's; the URL still says what to ask it for. It must itself be allowed. */
  connect: placeSchema.optional(),
});
/** One address that serves the target. */
export type TargetNode = z.infer<typeof nodeSchema>;

/** What a node is called where it has no id. */
export const nodeName = ({ id, socket, url }: Pick<TargetNode, 'id' | 'socket' | 'url'>): string => id ?? socket ?? url;

const keysSchema = z.object({
  count: z.int().positive(),
  distribution: z.enum(['uniform', 'zipf']).default('uniform'),
  exponent: positive.default(1),
});

export const requestClassSchema = z.object({
  name: name
    .refine((text) => text !== 'ttfb', 'may not be ttfb, which objectives use for the time to the first byte')
    .default('default'),
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'write the method in capital letters')
    .default('GET'),
  /** Path and query; `{key}` is replaced by a drawn key where `keys` is given. */
  path: z.string().regex(/^\//, 'must begin with /').default('/'),
  headers: headersSchema.default({}),
  /** A text; references in it are filled in, and it is sent as UTF-8. */
  body: z.string().optional(),
  /** The same as bytes, in base64: sent as they are. */
  bodyBase64: z.base64('is not base64').max(MOST_BODY_CHARACTERS, 'has more than 16 MiB').optional(),
  /** Relative frequency in the plain mix; 0: sent only by the kinds that ask for this class. */
  weight: z.number().nonnegative().default(1),
  /** Whom `resource_allocation` protects, and who crowds. Default: the first class and the second. */
  role: z.enum(['protected', 'noisy']).optional(),
  /** `upload`: a body of the scenario's size is sent. `download`: `{bytes}` in the path stands for the size asked for. */
  payload: z.enum(['upload', 'download']).optional(),
  /** Statuses that count as a good answer. Default: 200–399. */
  expect: z.array(z.int().min(100).max(599)).min(1).optional(),
  /** What the body of a good answer must show beside its status. */
  check: bodyCheckSchema.optional(),
  keys: keysSchema.optional(),
});
/** One kind of request that is sent to a target. */
export type RequestClass = z.infer<typeof requestClassSchema>;

export const watchSchema = z.object({
  pid: z.int().positive().optional(),
  prometheus: z.url({ protocol: /^https?$/ }).optional(),
  series: z.array(z.string()).default([]),
});

/** `name` or `name{label="value",…}`, as a metrics page has it. */
const SELECTOR =
  /^\s*[a-zA-Z_:][\w:]*\s*(?:\{\s*(?:[a-zA-Z_]\w*\s*=\s*"(?:[^"\\]|\\[\\"n])*"\s*(?:,\s*|(?=\})))*\})?\s*$/;
const watchInputSchema = watchSchema.extend({
  series: z
    .array(
      z
        .string()
        .max(500)
        .regex(
          SELECTOR,
          'names no series: write a name as the metrics page has it, or name{label="value"}, without functions',
        ),
    )
    .default([]),
});

export const dependencySchema = z.object({
  name,
  /** Where the service really is. */
  address: z.string().regex(/^[^\s:]+:\d+$/, 'write host:port'),
  /** HTTP API of the fault proxy (`hive proxy`, or Toxiproxy) through which the target reaches it; the proxy there bears the dependency's name. */
  proxy: z.url({ protocol: /^https?$/ }).optional(),
  /** The request classes that use it. Default: the plain mix. */
  requests: z.array(name).min(1).optional(),
});
/** A service that the target itself calls. */
export type Dependency = z.infer<typeof dependencySchema>;

export const budgetsSchema = z.object({
  /** What must hold while a dependency is under faults. Default: `rate<0.05`, and p95 within twice the latency objective. */
  underFault: z.array(objectiveSchema).min(1).max(20).optional(),
  /** The share of keyed reads that the cache must answer. */
  hitShare: z.number().gt(0).lt(1).default(0.8),
  /** The header that tells a hit. Default: found by itself among the usual ones. */
  hitHeader: z.string().optional(),
  /** How much resident memory may stay after 1,000 requests. */
  memoryBytesPer1000Requests: positive.default(1024 * 1024),
  /** How quickly a body must at least be moved, bytes a second. */
  bytesPerSecond: positive.default(5_000_000),
});
/** What is asked of a target beyond its objectives, by the kinds that need it. */
export type Budgets = z.infer<typeof budgetsSchema>;

/** A misspelled name is refused, not ignored: it may be a cap. */
const shape = {
  id: name.optional(),
  url: nodeSchema.shape.url.optional(),
  nodes: z.array(nodeSchema.strict()).max(64).optional(),
  requests: z
    .array(requestClassSchema.extend({ keys: keysSchema.strict().optional() }).strict())
    .max(200)
    .optional(),
  objectives: z.array(objectiveSchema).max(20).optional(),
  /** How requests are spread over several nodes. */
  balance: z.enum(['round_robin', 'least_connections', 'ip_hash']).optional(),
  /** The answer's header that names the node behind a balancer. */
  nodeHeader: z.string().optional(),
  watch: watchInputSchema.strict().optional(),
  dependencies: z.array(dependencySchema.strict()).optional(),
  budgets: budgetsSchema.partial().strict().optional(),
  /** One class is sent as two tenants, told apart by the header `x-hive-tenant`, where there are no two classes. */
  tenants: z.boolean().optional(),
  safety: safetyInputSchema.optional(),
  traffic: trafficSchema.optional(),
  /** Load generators on other machines that send the load of its sessions. Absent: this machine does. */
  regions: regionsSchema.optional(),
  insecure: z.boolean().optional(),
  /** Client certificate, authorities, name to verify; `insecure` as beside it. */
  tls: tlsSchema.extend({ insecure: z.boolean().optional() }).strict().optional(),
  /** How Hive logs in before it measures, and where the token goes. */
  auth: authSchema.optional(),
  /** Dials another address than the URL's: curl's `HOST:PORT:HOST2:PORT2`. */
  connectTo: connectToSchema.optional(),
  /** A connection is closed after this many requests. Default: never. */
  requestsPerConnection: z.int().positive().optional(),
  /** What sessions of this target are marked with; their own labels win. */
  labels: labelsSchema.optional(),
  /** What to do when it is in trouble: a text, or the address of one. */
  runbook: z.string().min(1).max(10_000).optional(),
  /** Requests say that Hive sends them (`user-agent`), and for which session (`x-hive-session`). Default: true. */
  identify: z.boolean().optional(),
};

export const targetInputSchema = z.strictObject(shape).superRefine((input, context) => {
  if (input.url === undefined && !input.nodes?.length) {
    context.addIssue({ code: 'custom', path: ['url'], message: 'give url, or nodes with at least one url' });
  }
  if (input.url !== undefined && input.nodes?.length) {
    context.addIssue({ code: 'custom', path: ['nodes'], message: 'give either url or nodes, not both' });
  }
  if (input.requests?.length && input.requests.every(({ weight }) => weight === 0)) {
    context.addIssue({ code: 'custom', path: ['requests'], message: 'give at least one request a weight above 0' });
  }
  const nodes = input.nodes ?? (input.url === undefined ? [] : [{ url: input.url }]);
  const unfit = input.connectTo === undefined ? null : unfitRule(nodes, input.connectTo);
  if (unfit !== null && nodes.length > 0) {
    const message = `${unfit} fits no node: its first two parts are a node's host and port`;
    context.addIssue({ code: 'custom', path: ['connectTo'], message });
  }
  if (input.insecure !== undefined && input.tls?.insecure !== undefined) {
    const message = 'give either insecure or tls.insecure, not both';
    context.addIssue({ code: 'custom', path: ['tls', 'insecure'], message });
  }
  const unknown = unknownClassOf(input.objectives ?? [], input.requests ?? []);
  if (unknown !== null)
    context.addIssue({ code: 'custom', path: ['objectives', unknown.index], message: unknown.message });
  for (const [index, request] of (input.requests ?? []).entries()) {
    if (request.payload === 'download' && !request.path.includes('{bytes}')) {
      const message = 'put {bytes} where the path has the size of the download';
      context.addIssue({ code: 'custom', path: ['requests', index, 'path'], message });
    }
    if (request.check !== undefined && request.method === 'HEAD') {
      const message = 'an answer to HEAD has no body: leave out the check';
      context.addIssue({ code: 'custom', path: ['requests', index, 'check'], message });
    }
    if (request.body !== undefined && request.bodyBase64 !== undefined) {
      const message = 'give either body or bodyBase64, not both';
      context.addIssue({ code: 'custom', path: ['requests', index, 'bodyBase64'], message });
    }
  }
});
/** What a person writes to describe a service. Everything but an address has a default. */
export type TargetInput = z.input<typeof targetInputSchema>;

export const targetSchema = z.object({
  id: z.string(),
  nodes: z.array(nodeSchema).min(1),
  requests: z.array(requestClassSchema).min(1),
  objectives: z.array(z.string()).min(1),
  balance: z.enum(['round_robin', 'least_connections', 'ip_hash']),
  nodeHeader: z.string().nullable(),
  watch: watchSchema.nullable(),
  dependencies: z.array(dependencySchema),
  budgets: budgetsSchema.default(() => budgetsSchema.parse({})),
  tenants: z.boolean().default(false),
  safety: safetySchema,
  traffic: trafficSchema.optional(),
  regions: regionsSchema.optional(),
  insecure: z.boolean(),
  tls: tlsSchema.optional(),
  auth: authSchema.optional(),
  requestsPerConnection: z.int().positive().optional(),
  labels: labelsSchema.optional(),
  runbook: z.string().optional(),
  identify: z.boolean().default(true),
});
/** A service under test, every default filled in. */
export type Target = z.infer<typeof targetSchema>;

/**
 * Fills in every default of a description that was validated by {@link targetInputSchema}.
 * `fallbackId` names the target when the description does not.
 */
export function toTarget(input: TargetInput, fallbackId: string): Target {
  const parsed = targetInputSchema.parse(input);
  const given = parsed.nodes?.length ? parsed.nodes : [{ url: parsed.url as string, weight: 1 }];
  const nodes = parsed.connectTo === undefined ? given : withConnectTo(given, parsed.connectTo);
  const { insecure: untrusted, ...tls } = parsed.tls ?? {};
  const { auth, regions, requestsPerConnection, labels, runbook } = parsed;
  return {
    id: parsed.id ?? fallbackId,
    nodes,
    requests: parsed.requests?.length ? parsed.requests : [requestClassSchema.parse({})],
    objectives: parsed.objectives?.length ? parsed.objectives : [...DEFAULT_OBJECTIVES],
    balance: parsed.balance ?? 'round_robin',
    nodeHeader: parsed.nodeHeader ?? null,
    watch: parsed.watch ?? null,
    dependencies: parsed.dependencies ?? [],
    budgets: budgetsSchema.parse(parsed.budgets ?? {}),
    tenants: parsed.tenants ?? false,
    safety: toSafety(nodes, parsed.safety),
    ...(parsed.traffic === undefined ? {} : { traffic: parsed.traffic }),
    ...(regions !== undefined && { regions }),
    insecure: parsed.insecure ?? untrusted ?? false,
    ...(Object.keys(tls).length > 0 && { tls }),
    ...(auth !== undefined && { auth }),
    ...(requestsPerConnection !== undefined && { requestsPerConnection }),
    ...(labels !== undefined && { labels }),
    ...(runbook !== undefined && { runbook }),
    identify: parsed.identify ?? true,
  };
}
