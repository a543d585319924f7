import { z } from 'zod';

/** Where the time of a request can go wrong, counted apart. Kinds that begin with `local_` are the generator's own. */
export const ERROR_KINDS = [
  'refused',
  'reset',
  'closed',
  'timeout',
  'dns',
  'unreachable',
  'tls',
  'protocol',
  'too_large',
  'http_4xx',
  'http_5xx',
  'unexpected_status',
  'wrong_body',
  'forbidden_address',
  'local_ports',
  'local_files',
  'local_memory',
  'local_dns',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];
const errorCountsSchema = z.partialRecord(z.enum(ERROR_KINDS), z.int().nonnegative());

/**
 * What became of the planned requests of an interval.
 * `planned = sent + droppedTarget + droppedGenerator`; `sent = answered + failed + timedOut + cutOff + outstanding`.
 */
export const countsSchema = z.object({
  planned: z.int().nonnegative(),
  sent: z.int().nonnegative(),
  droppedTarget: z.int().nonnegative(),
  droppedGenerator: z.int().nonnegative(),
  /** A complete response, any status. */
  answered: z.int().nonnegative(),
  /** Answered, and acceptable by its status. */
  good: z.int().nonnegative(),
  /** Sent, but no complete response (refused, reset, protocol …). */
  failed: z.int().nonnegative(),
  timedOut: z.int().nonnegative(),
  cutOff: z.int().nonnegative(),
});
export type Counts = z.infer<typeof countsSchema>;
/** Counts of nothing, to be added to. */
export const noCounts = (): Counts => ({
  planned: 0,
  sent: 0,
  droppedTarget: 0,
  droppedGenerator: 0,
  answered: 0,
  good: 0,
  failed: 0,
  timedOut: 0,
  cutOff: 0,
});
/** Adds counts to others, in place. */
export function addCounts(to: Counts, from: Counts): void {
  for (const key of Object.keys(to) as (keyof Counts)[]) to[key] += from[key];
}

export const latencySchema = z.object({
  count: z.int().nonnegative(),
  min: z.number(),
  mean: z.number(),
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
});
/** A summary of one latency histogram, in milliseconds. All zero when `count` is zero. */
export type Latency = z.infer<typeof latencySchema>;

export const groupFiguresSchema = z.object({
  planned: z.int().nonnegative(),
  good: z.int().nonnegative(),
  responseTimeMs: latencySchema,
  serviceTimeMs: latencySchema,
});
/** What became of the requests of one class or one node. */
export type GroupFigures = z.infer<typeof groupFiguresSchema>;

export const phaseSchema = z.enum(['warmup', 'judged', 'grace']);

export const windowSchema = z.object({
  scenarioId: z.string(),
  sessionId: z.string(),
  targetId: z.string(),
  /** Wall time of the window's end. */
  at: z.iso.datetime(),
  /** The exact interval, in ms since the scenario's first planned send. */
  fromMs: z.number(),
  toMs: z.number(),
  phase: phaseSchema,
  counts: countsSchema,
  errors: errorCountsSchema,
  offeredPerSecond: z.number(),
  /** Good answers per second. */
  throughputPerSecond: z.number(),
  /** end − intended start. */
  responseTimeMs: latencySchema,
  /** end − actual start. */
  serviceTimeMs: latencySchema,
  /** Mean wait before the send: mean response time − mean service time, never below zero. */
  waitingMs: z.number(),
  connections: z.int().nonnegative(),
  /** Requests sent and not yet answered at the window's end. */
  outstanding: z.int().nonnegative(),
  /** Planned requests that wait for a connection at the window's end. */
  waiting: z.int().nonnegative(),
  bytesIn: z.int().nonnegative(),
  bytesOut: z.int().nonnegative(),
  /** p99 of actual − intended send, without the wait for a connection; ms. */
  latenessP99Ms: z.number(),
  /** Share of the sending thread's wall time spent working, 0–1. */
  generatorBusy: z.number(),
  /** Good answers by the node that gave them. */
  nodes: z.record(z.string(), z.int().nonnegative()),
  /** By request class and by node, where there are several and they are counted apart. */
  byClass: z.record(z.string(), groupFiguresSchema).optional(),
  byNode: z.record(z.string(), groupFiguresSchema).optional(),
  /** By the region of the load generators, where those of several sent. */
  byRegion: z.record(z.string(), groupFiguresSchema).optional(),
  /** Good answers that a cache gave, and those it did not, where the answers tell. */
  cache: z.object({ hits: z.int().nonnegative(), misses: z.int().nonnegative() }).optional(),
  /** The target's own series at the window's end: `target_cpu` (cores), `target_memory` (bytes), and those it was asked to watch. */
  watched: z.record(z.string(), z.number()).optional(),
});
/** What one tick of a running scenario measured. Live ticks are 250 ms, kept ones 1 s. */
export type Window = z.infer<typeof windowSchema>;

/** The closed list of `performance_metrics.metric_type`, each with its unit. */
export const METRIC_UNITS = {
  response_time_p50: 'ms',
  response_time_p95: 'ms',
  response_time_p99: 'ms',
  service_time_p99: 'ms',
  waiting_mean: 'ms',
  throughput: '1/s',
  offered_rate: '1/s',
  error_rate: 'share',
  connections: 'count',
  outstanding: 'count',
  bytes_in: 'bytes',
  bytes_out: 'bytes',
  generator_lag: 'ms',
  generator_busy: 'share',
  target_cpu: 'share',
  target_memory: 'bytes',
} as const;
export const METRIC_TYPES = Object.keys(METRIC_UNITS) as MetricType[];
export type MetricType = keyof typeof METRIC_UNITS;

export const metricRowSchema = z.object({
  id: z.int(),
  timestamp: z.iso.datetime(),
  metric_type: z.enum(METRIC_TYPES),
  value: z.number(),
  scenario_id: z.string(),
  metadata: z.record(z.string(), z.unknown()),
});
/** A row of `performance_metrics`. */
export type MetricRow = z.infer<typeof metricRowSchema>;
