import { HiveError, ERROR_KINDS, type Limit, type Window } from '@hive/contract';
import { readHistogram, type TrainingEvent } from '@hive/engine';
import type { Attributes, HrTime } from '@opentelemetry/api';
import type { MetricData, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { exponential } from './exponential.js';
import type { Sink, SinkTally } from './sink.js';

/** What an OTLP sink needs. */
export interface OtlpOptions {
  /** `http://host:4318`; without a path `/v1/metrics` is meant. */
  url: string;
  /** Of Hive. */
  version: string;
  /** Hears once when figures begin to be lost. */
  tell: (problem: string) => void;
  /** How long a receiver may take for one request, and a close for all that waits, ms. */
  timeoutMs?: number;
  closeMs?: number;
}

/** Seconds that may wait; more are lost, the oldest first. */
const MOST_WAITING = 120;
/** Seconds that go in one request. */
const MOST_IN_ONE = 30;
/** A receiver that does not answer in this time has lost what it was sent. */
const TIMEOUT_MS = 5_000;
/** Of a close, all together. */
const CLOSE_MS = 3_000;

type Libraries = Awaited<ReturnType<typeof loadLibraries>>;
type Row = Extract<TrainingEvent, { type: 'row' }>;
/** One second of a run, or a limit as it was learned. */
type Told = { row: Row; attributes: Attributes } | { limit: Limit; atMs: number; attributes: Attributes };

/**
 * Sends each second of what is measured to an OpenTelemetry collector, as metrics over HTTP: histograms whole, as exponential ones. One request is
 * under way at a time; while it is, seconds wait, up to a bound.
 * @throws HiveError `validation` for an address that is none.
 */
export async function openOtlp(options: OtlpOptions): Promise<Sink> {
  const { url, version, tell, timeoutMs = TIMEOUT_MS, closeMs = CLOSE_MS } = options;
  const endpoint = endpointOf(url);
  const libraries = await loadLibraries();
  const exporter: PushMetricExporter = new libraries.Exporter({ url: endpoint, timeoutMillis: timeoutMs });
  const resource = libraries.resourceFromAttributes({ 'service.name': 'hive', 'service.version': version });
  const scope = { name: 'hive', version };
  const waiting: Told[] = [];
  const tally: SinkTally = { sent: 0, lost: 0, trouble: null };
  let kind: string | null = null;
  let sending: Promise<void> | null = null;
  let isClosed = false;
  let underWay = 0;

  function lose(count: number, why: string): void {
    if (count === 0) return;
    if (tally.lost === 0) tell(`figures for ${endpoint} are lost: ${why}`);
    tally.lost += count;
    tally.trouble = why;
  }

  async function send(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MOST_IN_ONE);
      underWay = batch.length;
      const metrics = metricsOf(batch, libraries);
      const failed = await new Promise<string | null>((resolve) => {
        exporter.export({ resource, scopeMetrics: [{ scope, metrics }] }, ({ error }) =>
          resolve(error === undefined ? null : (error?.message ?? 'the receiver refused them')),
        );
      });
      if (underWay === 0) return;
      underWay = 0;
      if (failed === null) tally.sent += batch.length;
      else lose(batch.length, failed);
    }
  }

  function add(told: Told): void {
    if (isClosed) return;
    waiting.push(told);
    if (waiting.length > MOST_WAITING)
      lose(waiting.splice(0, waiting.length - MOST_WAITING).length, 'the receiver is too slow');
    sending ??= send().finally(() => {
      sending = null;
    });
  }

  return {
    take(event, { sessionId, targetId }) {
      const attributes = { 'hive.session': sessionId, 'hive.target': targetId };
      if (event.type === 'scenario_started') kind = event.scenario.kind;
      if (event.type === 'row') {
        const of = { 'hive.scenario': event.window.scenarioId, 'hive.phase': event.window.phase };
        add({ row: event, attributes: { ...attributes, ...of, ...(kind === null ? {} : { 'hive.kind': kind }) } });
      }
      if (event.type === 'limit_updated') {
        const { limit } = event;
        const of = { 'hive.kind': limit.kind, 'hive.unit': limit.unit, 'hive.status': limit.status };
        add({ limit, atMs: Date.now(), attributes: { ...attributes, ...of } });
      }
    },
    async close() {
      isClosed = true;
      const late = new Promise<void>((resolve) => setTimeout(resolve, closeMs).unref());
      await Promise.race([sending ?? Promise.resolve(), late]);
      const left = waiting.splice(0).length + underWay;
      underWay = 0;
      lose(left, 'the receiver did not take them before the end');
      await Promise.race([exporter.shutdown().catch(() => undefined), late]);
      return { ...tally };
    },
  };
}

function endpointOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new HiveError('validation', `otlp: '${url}' is not the address of a collector`, {
      hint: 'write, for example, otlp=http://127.0.0.1:4318',
    });
  const parsed = new URL(url);
  return parsed.pathname === '/' ? new URL('/v1/metrics', parsed).href : parsed.href;
}

/** Loaded with the first sink: nobody else pays for them. */
async function loadLibraries() {
  const [{ OTLPMetricExporter }, { resourceFromAttributes }, sdk, { ValueType }] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/api'),
  ]);
  const { AggregationTemporality, DataPointType } = sdk;
  return { Exporter: OTLPMetricExporter, resourceFromAttributes, AggregationTemporality, DataPointType, ValueType };
}

/** Figures of a window that are numbers of that moment. */
const GAUGES: Record<string, { unit: string; description: string; of: (window: Window) => number }> = {
  'hive.offered_rate': {
    unit: '{request}/s',
    description: 'Planned requests per second',
    of: (one) => one.offeredPerSecond,
  },
  'hive.throughput': {
    unit: '{request}/s',
    description: 'Good answers per second',
    of: (one) => one.throughputPerSecond,
  },
  'hive.connections': { unit: '{connection}', description: 'Open connections', of: (one) => one.connections },
  'hive.outstanding': {
    unit: '{request}',
    description: 'Requests sent and not yet answered',
    of: (one) => one.outstanding,
  },
};
const LIMIT_VALUES = ['estimate', 'low', 'high', 'safe'] as const;

function metricsOf(
  batch: readonly Told[],
  { AggregationTemporality, DataPointType, ValueType }: Libraries,
): MetricData[] {
  const rows = batch.flatMap((told) => ('row' in told ? [told] : []));
  const limits = batch.flatMap((told) => ('limit' in told ? [told] : []));
  const descriptor = (name: string, unit: string, description: string) => ({
    name,
    unit,
    description,
    valueType: ValueType.DOUBLE,
  });
  const delta = AggregationTemporality.DELTA;
  const histogram = (name: string, description: string, bytesOf: (row: Row) => Uint8Array | null): MetricData => ({
    descriptor: descriptor(name, 's', description),
    aggregationTemporality: delta,
    dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
    dataPoints: rows.flatMap(({ row, attributes }) => {
      const bytes = bytesOf(row);
      if (bytes === null) return [];
      return [{ ...timesOf(row.window), attributes, value: exponential(readHistogram(bytes)) }];
    }),
  });
  const sum = (name: string, description: string, of: (window: Window) => [Attributes, number][]): MetricData => ({
    descriptor: descriptor(name, '{request}', description),
    aggregationTemporality: delta,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: rows.flatMap(({ row: { window }, attributes }) =>
      of(window).map(([more, value]) => ({ ...timesOf(window), attributes: { ...attributes, ...more }, value })),
    ),
  });
  const gauges = Object.entries(GAUGES).map(([name, { unit, description, of }]): MetricData => ({
    descriptor: descriptor(name, unit, description),
    aggregationTemporality: delta,
    dataPointType: DataPointType.GAUGE,
    dataPoints: rows.map(({ row: { window }, attributes }) => ({ ...timesOf(window), attributes, value: of(window) })),
  }));
  const limit: MetricData = {
    descriptor: descriptor('hive.limit', '1', 'What was learned of a limit, in the unit of its kind'),
    aggregationTemporality: delta,
    dataPointType: DataPointType.GAUGE,
    dataPoints: limits.flatMap(({ limit: learned, atMs, attributes }) =>
      LIMIT_VALUES.flatMap((name) => {
        const value = learned[name];
        if (value === null) return [];
        return [
          { startTime: timeOf(atMs), endTime: timeOf(atMs), attributes: { ...attributes, 'hive.value': name }, value },
        ];
      }),
    ),
  };
  const all = [
    histogram('hive.response_time', 'From the intended start to the end of the answer', (row) => row.responseTime),
    histogram('hive.service_time', 'From the send to the end of the answer', (row) => row.serviceTime),
    sum('hive.requests', 'Planned requests by what became of them', outcomesOf),
    sum('hive.errors', 'Failed requests by kind', errorsOf),
    ...gauges,
    limit,
  ];
  return all.filter(({ dataPoints }) => dataPoints.length > 0);
}

function outcomesOf({ counts }: Window): [Attributes, number][] {
  const { good, answered, failed, timedOut, cutOff, droppedTarget, droppedGenerator } = counts;
  const outcomes = { good, unacceptable: answered - good, failed, timed_out: timedOut, cut_off: cutOff };
  const dropped = { dropped_target: droppedTarget, dropped_generator: droppedGenerator };
  return Object.entries({ ...outcomes, ...dropped }).map(([outcome, count]) => [{ 'hive.outcome': outcome }, count]);
}

function errorsOf({ errors }: Window): [Attributes, number][] {
  return ERROR_KINDS.flatMap((kind) => (errors[kind] === undefined ? [] : [[{ 'error.type': kind }, errors[kind]]]));
}

function timesOf({ at, fromMs, toMs }: Window): { startTime: HrTime; endTime: HrTime } {
  const endMs = Date.parse(at);
  return { startTime: timeOf(endMs - (toMs - fromMs)), endTime: timeOf(endMs) };
}

/** Seconds since 1970, and nanoseconds beyond. */
function timeOf(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}
