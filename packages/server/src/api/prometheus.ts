import { LOAD_GENERATOR_STATES, type GroupFigures, type Window } from '@hive/contract';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ActionsOf, LiveFigures } from '../actions/actions.js';

const TARGET_LABELS = ['target', 'scenario'] as const;

type Figures<Of extends unknown[]> = Record<string, { help: string; of: (...of: Of) => number }>;

/** Percentiles of the response time, of whatever has one. */
function percentiles(prefix: string, where = ''): Figures<[Pick<Window, 'responseTimeMs'>, ...unknown[]]> {
  const figure = (name: 'p50' | 'p95' | 'p99', help: string) => ({
    [`${prefix}_response_time_${name}_seconds`]: {
      help: `${help}, from the intended start to the end${where}`,
      of: ({ responseTimeMs }: Pick<Window, 'responseTimeMs'>) => responseTimeMs[name] / 1_000,
    },
  });
  return {
    ...figure('p50', 'Median response time'),
    ...figure('p95', '95th percentile of the response time'),
    ...figure('p99', '99th percentile of the response time'),
  };
}

/** Live figures of a window, each with what it means. Seconds and bytes, as Prometheus wants them. */
const FIGURES: Figures<[Window]> = {
  ...percentiles('hive_target'),
  hive_target_throughput_per_second: { help: 'Good answers per second', of: (window) => window.throughputPerSecond },
  hive_target_offered_per_second: { help: 'Planned requests per second', of: (window) => window.offeredPerSecond },
  hive_target_errors: {
    help: 'Errors in the newest window',
    of: (window) => Object.values(window.errors).reduce((sum, count) => sum + count, 0),
  },
  hive_target_connections: { help: 'Open connections', of: (window) => window.connections },
  hive_target_outstanding: { help: 'Requests sent and not yet answered', of: (window) => window.outstanding },
  hive_generator_busy_ratio: { help: 'Share of time the sending thread is busy', of: (window) => window.generatorBusy },
};

/** The same of the requests of one region. Apart from the others: a sum over all series would count them twice. */
const REGION_FIGURES: Figures<[GroupFigures, number]> = {
  ...percentiles('hive_target_region', ', as seen from one region'),
  hive_target_region_throughput_per_second: {
    help: 'Good answers per second to one region',
    of: (region, seconds) => region.good / seconds,
  },
  hive_target_region_offered_per_second: {
    help: 'Planned requests per second from one region',
    of: (region, seconds) => region.planned / seconds,
  },
};

const LIMIT_VALUES = ['estimate', 'low', 'high', 'safe'] as const;
const REGION_LIMIT_VALUES = ['estimate', 'low', 'high'] as const;

/** `GET /metrics`: Hive's own health, the live figures of what it measures, the limits that it knows, and its load generators. */
export function exposePrometheus(app: FastifyInstance, actionsOf: ActionsOf, liveReaders: () => number): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countRequests(app, registry);
  const readers = new Gauge({
    name: 'hive_live_readers',
    help: 'Connections to the live feed',
    registers: [registry],
  });
  const shown = [showSession(registry), showRegions(registry), showLimits(registry), showLoadGenerators(registry)];
  const show = async (figures: LiveFigures): Promise<string> => {
    readers.set(liveReaders());
    for (const one of shown) one(figures);
    return registry.metrics();
  };
  // One after another: somebody who sees less than others must not be shown what was gathered for them.
  let last: Promise<unknown> = Promise.resolve();
  app.get('/metrics', { schema: { hide: true } }, async ({ actor }, reply) => {
    const seen = await actionsOf(actor).liveFigures(actor);
    const mine = last.then(() => show(seen));
    last = mine.catch(() => undefined);
    return reply.type(registry.contentType).send(await mine);
  });
  app.addHook('onClose', async () => registry.clear());
}

type Show = (figures: LiveFigures) => void;

function countRequests(app: FastifyInstance, registry: Registry): void {
  const registers = [registry];
  const requests = new Counter({
    name: 'hive_http_requests_total',
    help: 'Answered HTTP requests',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'hive_http_request_duration_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    requests.inc({ method, route, status: reply.statusCode });
    durations.observe({ method, route }, reply.elapsedTime / 1_000);
    done();
  });
}

function showSession(registry: Registry): Show {
  const registers = [registry];
  const running = new Gauge({ name: 'hive_session_running', help: '1 while a session measures', registers });
  const figures = Object.entries(FIGURES).map(([name, { help, of }]) => ({
    gauge: new Gauge({ name, help, labelNames: TARGET_LABELS, registers }),
    of,
  }));
  return ({ running: runs, window }) => {
    running.set(runs ? 1 : 0);
    for (const { gauge, of } of figures) {
      gauge.reset();
      if (window) gauge.set({ target: window.targetId, scenario: window.scenarioId }, of(window));
    }
  };
}

function showRegions(registry: Registry): Show {
  const figures = Object.entries(REGION_FIGURES).map(([name, { help, of }]) => ({
    gauge: new Gauge({ name, help, labelNames: [...TARGET_LABELS, 'region'] as const, registers: [registry] }),
    of,
  }));
  return ({ window }) => {
    const seconds = window === null ? 0 : (window.toMs - window.fromMs) / 1_000;
    for (const { gauge, of } of figures) {
      gauge.reset();
      if (window === null || seconds <= 0) continue;
      const labels = { target: window.targetId, scenario: window.scenarioId };
      for (const [region, own] of Object.entries(window.byRegion ?? {}))
        gauge.set({ ...labels, region }, of(own, seconds));
    }
  };
}

function showLimits(registry: Registry): Show {
  const registers = [registry];
  const learned = new Gauge({
    name: 'hive_limit',
    help: 'What is known about a limit, in the unit of its kind: the estimate, the ends of its interval, and the safe value',
    labelNames: ['target', 'kind', 'unit', 'status', 'value'],
    registers,
  });
  const ofRegions = new Gauge({
    name: 'hive_region_limit',
    help: 'What is known about a limit as seen from one region',
    labelNames: ['target', 'kind', 'unit', 'region', 'status', 'value'],
    registers,
  });
  return ({ limits }) => {
    learned.reset();
    ofRegions.reset();
    for (const { targetId: target, limit } of limits) {
      const { kind, unit } = limit;
      for (const value of LIMIT_VALUES) {
        const known = limit[value];
        if (known !== null) learned.set({ target, kind, unit, status: limit.status, value }, known);
      }
      for (const [region, own] of Object.entries(limit.regions ?? {}))
        for (const value of REGION_LIMIT_VALUES) {
          const known = own[value];
          if (known !== null) ofRegions.set({ target, kind, unit, region, status: own.status, value }, known);
        }
    }
  };
}

function showLoadGenerators(registry: Registry): Show {
  const registers = [registry];
  const states = new Gauge({
    name: 'hive_load_generator',
    help: '1 for the state that a load generator is in',
    labelNames: ['name', 'region', 'state'],
    registers,
  });
  const roundTrips = new Gauge({
    name: 'hive_load_generator_round_trip_seconds',
    help: 'The longest of the last 20 round trips between Hive and a load generator',
    labelNames: ['name', 'region'],
    registers,
  });
  return ({ loadGenerators }) => {
    states.reset();
    roundTrips.reset();
    for (const { name, region, state, roundTripMs } of loadGenerators) {
      const labels = { name, region: region ?? '' };
      for (const one of LOAD_GENERATOR_STATES) states.set({ ...labels, state: one }, one === state ? 1 : 0);
      if (roundTripMs !== null) roundTrips.set(labels, roundTripMs / 1_000);
    }
  };
}
