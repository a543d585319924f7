import { expect, it } from 'vitest';
import { createCollector } from '../../src/metrics/collector.js';
import { joinThreads } from '../../src/metrics/merge.js';
import { createRecorder } from '../../src/metrics/recorder.js';
import { DISTRIBUTIONS, serviceTimes } from '../../src/practice/service-times.js';
import { createRandom } from '../../src/random.js';
import { exchange, ORDER, toTick } from './recording.js';

const REQUESTS = 20_000;
const THREADS = 3;
const TICK_MS = 250;
const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999, max: 1 } as const;

/** Above 2,048 µs values are kept to three digits: 1 in 1,024; and everything to the µs. */
const grainMs = (valueMs: number): number => valueMs / 1_024 + 0.002;

it.each(DISTRIBUTIONS)('is exact to the grain of the histogram from recorder to report: %s', (distribution) => {
  const random = createRandom(5);
  const draw = serviceTimes(distribution, 20, () => random.next());
  const order = { ...ORDER, warmupMs: 0, durationMs: 10_000, timeoutMs: 3_600_000 };
  // Every request waits for a while before it starts, so that both latencies differ.
  const requests = Array.from({ length: REQUESTS }, (_, index) => {
    const intendedMs = index / 2;
    const startMs = intendedMs + random.next() * 30;
    return { intendedMs, startMs, endMs: startMs + draw(), thread: index % THREADS };
  });
  const ends = requests.toSorted((one, other) => one.endMs - other.endMs);
  const untilMs = Math.ceil(ends.at(-1)!.endMs / TICK_MS) * TICK_MS;

  const collector = createCollector({ thresholdsMs: order.thresholdsMs });
  const recorders = Array.from({ length: THREADS }, () => createRecorder(order, ['a']));
  const steps = [
    ...requests.map((one) => ({ ...one, atMs: one.startMs, starts: true })),
    ...requests.map((one) => ({ ...one, atMs: one.endMs, starts: false })),
  ].toSorted((one, other) => one.atMs - other.atMs);
  let next = 0;
  for (let fromMs = 0; fromMs < untilMs; fromMs += TICK_MS) {
    const toMs = fromMs + TICK_MS;
    for (; next < steps.length && steps[next]!.atMs < toMs; next++) {
      const { intendedMs, startMs, endMs, thread, starts } = steps[next]!;
      const recorder = recorders[thread]!;
      const one = exchange(intendedMs, startMs);
      if (starts) {
        recorder.begun(one);
        recorder.sent(one);
      } else recorder.answered(one, endMs, null);
    }
    const last = toMs >= untilMs;
    const more = { fromMs, toMs, last };
    const ticks = recorders.map((recorder) => toTick(recorder.take({ fromMs, toMs, plannedToMs: 10_000 }), more));
    collector.add(joinThreads(ticks, THREADS));
  }

  const { counts, responseTimeMs, serviceTimeMs, waitingMs } = collector.judged();
  expect(counts).toMatchObject({ planned: REQUESTS, good: REQUESTS });
  expect(collector.validity()).toEqual({ status: 'valid', reasons: [] });
  const exact = {
    response: requests.map(({ endMs, intendedMs }) => endMs - intendedMs),
    service: requests.map(({ endMs, startMs }) => endMs - startMs),
  };
  for (const [latency, all] of [
    [responseTimeMs, exact.response],
    [serviceTimeMs, exact.service],
  ] as const) {
    const sorted = all.toSorted((one, other) => one - other);
    for (const [name, quantile] of Object.entries(QUANTILES) as [keyof typeof QUANTILES, number][]) {
      const value = sorted[Math.ceil(quantile * REQUESTS - 1e-9) - 1]!;
      expect(Math.abs(latency[name] - value), `${name} ${value}`).toBeLessThanOrEqual(grainMs(value));
    }
    const mean = all.reduce((sum, value) => sum + value, 0) / REQUESTS;
    expect(Math.abs(latency.mean - mean)).toBeLessThanOrEqual(grainMs(mean));
  }
  const waits = requests.reduce((sum, { startMs, intendedMs }) => sum + startMs - intendedMs, 0) / REQUESTS;
  expect(Math.abs(waitingMs - waits)).toBeLessThan(2 * grainMs(50));
});
