import { z } from 'zod';
import type { HiveError } from './errors.js';
import { isLoopbackUrl } from './host.js';
import { parseHours } from './hours.js';

export const ENVIRONMENTS = ['local', 'staging', 'production'] as const;
/** What a target is to its users: it decides how much Hive may do to it. */
export type Environment = (typeof ENVIRONMENTS)[number];

const positive = z.number().positive();
/** Counted in shared memory, in 32 bits. */
const MOST_REQUESTS = 2_000_000_000;
const most = z.int().positive().max(MOST_REQUESTS).nullable();
const address = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

const hoursTextSchema = z.string().superRefine((text, context) => {
  try {
    parseHours(text);
  } catch (error) {
    const { message, hint = '' } = error as HiveError;
    context.addIssue({ code: 'custom', message: `${message}; ${hint}` });
  }
});

export const guardSchema = z
  .strictObject({
    /** A page that must answer with one of the statuses in `expect`. */
    url: address.optional(),
    /** Default: 200–299. */
    expect: z.array(z.int().min(100).max(599)).min(1).optional(),
    /** Address of a Prometheus server, which answers `query`. */
    prometheus: address.optional(),
    query: z.string().min(1).max(2_000).optional(),
    /** A value above this is bad, or one below that; so is no value. */
    above: z.number().optional(),
    below: z.number().optional(),
  })
  .superRefine((guard, context) => {
    const refuse = (field: keyof typeof guard, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    const { url, prometheus, query, above, below, expect } = guard;
    if (url !== undefined && prometheus !== undefined) refuse('prometheus', 'give either url or prometheus, not both');
    else if (url !== undefined) {
      for (const field of ['query', 'above', 'below'] as const)
        if (guard[field] !== undefined) refuse(field, 'belongs to a guard with prometheus: this one has a url');
    } else if (prometheus === undefined) refuse('url', 'give url, or prometheus with query and above or below');
    else {
      if (query === undefined) refuse('query', 'is missing: write what Prometheus is asked, in PromQL');
      if (above === undefined && below === undefined)
        refuse('above', 'give above or below: the value that stops a session');
      if (expect !== undefined) refuse('expect', 'belongs to a guard with url');
    }
  });
/** Something that is asked beside the load, and that ends a session when it is bad. */
export type Guard = z.infer<typeof guardSchema>;

/** What a target sets; each may be left out. A misspelled name is refused, not ignored: it may be a cap. */
export const safetyInputSchema = z
  .strictObject({
    /** Default: `local` where every node is on this machine, else `staging`. */
    environment: z.enum(ENVIRONMENTS),
    /** When sessions may run, such as `Mon-Fr 20:00-06:00 Europe/Berlin`. Default: always. */
    hours: z.array(hoursTextSchema).max(20),
    /** Requests other than GET, HEAD and OPTIONS are sent only when this is on. */
    allowWrites: z.boolean(),
    /** Overload on purpose on a target that is not loopback. */
    allowOverload: z.boolean(),
    maxRatePerSecond: positive,
    maxConnections: z.int().positive(),
    maxBytesInFlight: positive,
    maxSeconds: positive,
    /** All requests of one session. Null: no cap. */
    maxRequests: most,
    /** Error answers and requests without an answer, of one session. Null: no cap. Default: 500 on staging, 50 on production. */
    maxBadRequests: most,
    /** Asked every two seconds while a session runs. */
    guards: z.array(guardSchema).max(10),
  })
  .partial()
  .superRefine(({ environment, ...flags }, context) => {
    if (environment !== 'production') return;
    for (const field of ['allowWrites', 'allowOverload'] as const) {
      if (flags[field] === true)
        context.addIssue({ code: 'custom', path: [field], message: 'must not be true on production: remove it' });
    }
  });

const shape = safetyInputSchema.shape;
export const safetySchema = z.object({
  allowWrites: shape.allowWrites.unwrap().default(false),
  allowOverload: shape.allowOverload.unwrap().default(false),
  maxRatePerSecond: shape.maxRatePerSecond.unwrap(),
  maxConnections: shape.maxConnections.unwrap(),
  maxBytesInFlight: shape.maxBytesInFlight.unwrap(),
  maxSeconds: shape.maxSeconds.unwrap(),
  // What targets stored by 0.1.0 do not have: read them through boundsOf.
  environment: shape.environment,
  hours: shape.hours,
  maxRequests: shape.maxRequests,
  maxBadRequests: shape.maxBadRequests,
  guards: shape.guards,
});
/** What binds every generated scenario, and every session. */
export type Safety = z.infer<typeof safetySchema>;

/** What bounds a session as a whole. */
export interface SessionBounds {
  environment: Environment;
  hours: string[];
  maxRequests: number | null;
  maxBadRequests: number | null;
  guards: Guard[];
}

const MAX_BAD_REQUESTS: Readonly<Record<Environment, number | null>> = { local: null, staging: 500, production: 50 };

const HERE = { maxRatePerSecond: 10_000, maxConnections: 1_000, maxSeconds: 300 };
/** Until its owner raises them. A judged minute and its warm-up fit. */
const ELSEWHERE = { maxRatePerSecond: 200, maxConnections: 50, maxSeconds: 120 };

type Nodes = readonly { url: string; socket?: string | undefined; connect?: string | undefined }[];

/** Whether every node is on this machine. */
export function isHere(nodes: Nodes): boolean {
  return nodes.every(
    ({ url, socket, connect }) =>
      socket !== undefined || isLoopbackUrl(connect === undefined ? url : `http://${connect}`),
  );
}

/** The safety settings of a target that sets none but perhaps its environment. */
export function defaultSafety(
  nodes: Nodes,
  environment: Environment = isHere(nodes) ? 'local' : 'staging',
): Safety & SessionBounds {
  return {
    environment,
    hours: [],
    allowWrites: false,
    allowOverload: false,
    ...(isHere(nodes) && environment === 'local' ? HERE : ELSEWHERE),
    maxBytesInFlight: 256 * 1024 * 1024,
    maxRequests: null,
    maxBadRequests: MAX_BAD_REQUESTS[environment],
    guards: [],
  };
}

/** The safety settings of a target: what it sets, and the defaults of the rest. */
export function toSafety(nodes: Nodes, given: z.infer<typeof safetyInputSchema> = {}): Safety {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaultSafety(nodes, given.environment), ...set };
}

/** What bounds a session on a target, also on one that was stored before there were such bounds. */
export function boundsOf({ nodes, safety }: { nodes: Nodes; safety: Safety }): SessionBounds {
  const { environment, hours, maxRequests, maxBadRequests, guards } = defaultSafety(nodes, safety.environment);
  return {
    environment,
    hours: safety.hours ?? hours,
    maxRequests: safety.maxRequests === undefined ? maxRequests : safety.maxRequests,
    maxBadRequests: safety.maxBadRequests === undefined ? maxBadRequests : safety.maxBadRequests,
    guards: safety.guards ?? guards,
  };
}

/** Whether requests that write may be sent. */
export function mayWrite({ allowWrites, environment }: Pick<Safety, 'allowWrites' | 'environment'>): boolean {
  return allowWrites && environment !== 'production';
}
