import type { Window } from '@hive/contract';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Actions } from '../actions/actions.js';

const TARGET_LABELS = ['target', 'scenario'] as const;

/** Live figures of a window, each with what it means. Seconds and bytes, as Prometheus wants them. */
const FIGURES: Record<string, { help: string; of: (window: Window) => number }> = {
  hive_target_response_time_p50_seconds: {
    help: 'Median response time, from the intended start to the end',
    of: (window) => window.responseTimeMs.p50 / 1_000,
  },
  hive_target_response_time_p95_seconds: {
    help: '95th percentile of the response time',
    of: (window) => window.responseTimeMs.p95 / 1_000,
  },
  hive_target_response_time_p99_seconds: {
    help: '99th percentile of the response time',
    of: (window) => window.responseTimeMs.p99 / 1_000,
  },
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

/** `GET /metrics`: Hive's own health, and the live figures of what it measures. */
export function exposePrometheus(
  app: FastifyInstance,
  liveFigures: Actions['liveFigures'],
  liveReaders: () => number,
): void {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
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
  const running = new Gauge({ name: 'hive_session_running', help: '1 while a session measures', registers });
  const readers = new Gauge({ name: 'hive_live_readers', help: 'Connections to the live feed', registers });
  const figures = Object.entries(FIGURES).map(([name, { help, of }]) => ({
    gauge: new Gauge({ name, help, labelNames: TARGET_LABELS, registers }),
    of,
  }));

  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    requests.inc({ method, route, status: reply.statusCode });
    durations.observe({ method, route }, reply.elapsedTime / 1_000);
    done();
  });
  app.get('/metrics', { schema: { hide: true } }, async ({ actor }, reply) => {
    const { running: runs, window } = await liveFigures(actor);
    running.set(runs ? 1 : 0);
    readers.set(liveReaders());
    for (const { gauge, of } of figures) {
      gauge.reset();
      if (window) gauge.set({ target: window.targetId, scenario: window.scenarioId }, of(window));
    }
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  app.addHook('onClose', async () => registry.clear());
}
