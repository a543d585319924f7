import fc from 'fast-check';
import { expect, it } from 'vitest';
import { constantPacer } from '../../src/load/pacers/constant.js';
import { shareOf, type Pacer } from '../../src/load/pacers/pacer.js';
import { poissonPacer } from '../../src/load/pacers/poisson.js';
import type { Stage } from '../../src/load/pacers/stages.js';
import { fraction } from '../../src/load/run.js';
import { createCollector } from '../../src/metrics/collector.js';
import { joinThreads } from '../../src/metrics/merge.js';
import { createRecorder } from '../../src/metrics/recorder.js';
import { createRandom } from '../../src/random.js';
import { begin, collect, exchange, ORDER, take, toTick } from './recording.js';

/*
 * Bugs that load generators have had. Each test has figures of its own that the wrong behavior cannot produce.
 *
 *   bug                                                              what the wrong behavior would show here
 *   latency corrected twice                                          a mean of 1,015 ms instead of 510 ms
 *   phantom samples from a wrong expected interval                   more values than requests, and a lower mean
 *   negative phases; a phase longer than its request                 phases that do not add up to the service time
 *   a ramp that sends nothing                                        no arrival below 1/s
 *   segments of a distributed plan that do not add up                shares that lack arrivals or connections, or have too many
 *   a wrong number of arrivals when the rate does not divide 1 s     6 or 7 a second instead of 6.5
 *   a rate from a window without length                              Infinity, NaN or millions a second
 *   a run's p95 from the worst of its windows                        900 ms instead of 10 ms
 *   connect time left out                                            5 ms instead of 305 ms
 *   a frozen server absent from the percentiles                      a p99 of 1 ms
 *   the generator's saturation published as the target's limit       a valid result, or errors and latencies in the target's name
 *   the worst requests dropped before the p99 was taken              a p99 of 1 ms
 */

const all = (pacer: Pacer): number[] => {
  const times: number[] = [];
  for (let dueMs = pacer.next(); dueMs < Infinity; dueMs = pacer.next()) times.push(dueMs);
  return times;
};
const ramp = (fromPerSecond: number, toPerSecond: number, durationMs = 1_000): Stage[] => [
  { durationMs, fromPerSecond, toPerSecond },
];

it('latency corrected twice: what waited a second in line is a second late, once', () => {
  const recorder = createRecorder({ ...ORDER, timeoutMs: 5_000 }, ['a']);
  // Meant for every 10 ms of a second in which the server stood still; all of them answered 5 ms after they were sent, at its end.
  for (let intendedMs = 100; intendedMs < 1_100; intendedMs += 10) {
    recorder.answered(begin(recorder, intendedMs, 1_100), 1_105, null);
  }
  const { responseTimeMs, serviceTimeMs, waitingMs } = collect(toTick(take(recorder, 0, 2_000))).judged();
  expect(responseTimeMs.mean).toBeCloseTo(510, 0);
  expect(responseTimeMs.max).toBeLessThan(1_007);
  expect(serviceTimeMs.max).toBeLessThan(5.1);
  expect(waitingMs).toBeCloseTo(505, 0);
});

it('phantom samples: a gap of any length in the arrivals adds no value', () => {
  const recorder = createRecorder({ ...ORDER, timeoutMs: 5_000 }, ['a']);
  // One slow answer among quick ones, far apart: filling in from an expected interval of 1 ms would add some 900 values and pull down the mean.
  for (const intendedMs of [100, 110, 400, 990]) recorder.answered(begin(recorder, intendedMs), intendedMs + 2, null);
  recorder.answered(begin(recorder, 120), 1_020, null);
  const { responseTimeMs, serviceTimeMs } = collect(toTick(take(recorder, 0, 2_000))).judged();
  for (const { count, mean } of [responseTimeMs, serviceTimeMs]) {
    expect(count).toBe(5);
    expect(mean).toBeCloseTo((4 * 2 + 900) / 5, 0);
  }
});

it('negative phases, and a phase longer than its request: phases add up to the service time, whatever the marks', () => {
  const mark = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: 0, max: 1_000 }));
  fc.assert(
    fc.property(mark, mark, mark, fc.nat(400), (connectedMs, securedMs, firstByteMs, serviceMs) => {
      const recorder = createRecorder(ORDER, ['a']);
      const one = begin(recorder, 300);
      // Marks of an earlier request on the connection, or of none: before the start, after the end, or in the wrong order.
      const within = (value: number): number => Math.min(value, 300 + serviceMs);
      Object.assign(one, { connectedMs: within(connectedMs), securedMs: within(securedMs) });
      one.firstByteMs = within(firstByteMs);
      recorder.answered(one, 300 + serviceMs, null);
      const collector = collect(toTick(take(recorder)));
      const { connect, tls, firstByte, transfer } = collector.phases();
      const phases = [connect, tls, firstByte, transfer];
      const sumMs = phases.reduce((sum, { mean, count }) => sum + mean * count, 0);
      expect(Math.abs(sumMs - serviceMs)).toBeLessThan(0.5 + serviceMs / 500);
      for (const { min, max } of phases) {
        expect(min).toBeGreaterThanOrEqual(0);
        expect(max).toBeLessThanOrEqual(collector.judged().serviceTimeMs.max);
      }
    }),
  );
  // A duration that is negative all the same is told, not hidden.
  const broken = createRecorder(ORDER, ['a']);
  broken.answered(begin(broken, 300, 200), 250, null);
  expect(collect(toTick(take(broken))).validity()).toMatchObject({ status: 'invalid' });
});

it('a ramp that sends nothing: it sends the integral of its rate, even far below one a second', () => {
  expect(all(constantPacer(ramp(0, 1), 1_000)).length).toBe(1);
  expect(all(constantPacer(ramp(0, 0.9, 60_000), 60_000))).toHaveLength(27);
  expect(all(constantPacer(ramp(0.2, 0, 60_000), 60_000))).toHaveLength(6);
  expect(all(poissonPacer(ramp(0, 0.9, 60_000), 60_000, createRandom(1))).length).toBeGreaterThan(10);
});

it('segments of a distributed plan: shares of arrivals and connections add up to the plan for any number of threads', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.nat(1_000), (of, whole) => {
      const indices = Array.from({ length: of }, (_, index) => index);
      expect(indices.reduce((sum, index) => sum + fraction(whole, { index, of }), 0)).toBe(whole);
      const plan = (): Pacer => constantPacer(ramp(whole, whole), 1_000);
      const shares = indices.map((index) => all(shareOf(plan(), { index, of })));
      expect(shares.flat().toSorted((one, other) => one - other)).toEqual(all(plan()));
    }),
    { numRuns: 50 },
  );
});

it('a wrong number of arrivals: a rate that does not divide the second keeps its count', () => {
  expect(all(constantPacer(ramp(6.5, 6.5), 10_000))).toHaveLength(65);
  expect(all(constantPacer(ramp(333, 333), 7_000))).toHaveLength(2_331);
  expect(all(constantPacer(ramp(999.9, 999.9), 10_000))).toHaveLength(9_999);
});

it('a rate from a window without length: there is none', () => {
  const recorder = createRecorder(ORDER, ['a']);
  recorder.answered(begin(recorder, 200), 210, null);
  const tick = toTick(take(recorder, 250, 250), { fromMs: 250, toMs: 250 });
  const collector = createCollector({ thresholdsMs: ORDER.thresholdsMs });
  collector.add(tick);
  const { offeredPerSecond, throughputPerSecond, counts } = collector.judged();
  const rates = [collector.live(tick), collector.takeRow()!.figures, { offeredPerSecond, throughputPerSecond }];
  for (const rate of rates) expect(rate).toMatchObject({ offeredPerSecond: 0, throughputPerSecond: 0 });
  expect(counts.good).toBe(1);
});

it('a run’s p95 from the worst of its windows: it is that of all requests together', () => {
  const recorder = createRecorder({ ...ORDER, timeoutMs: 5_000 }, ['a']);
  const ticks = Array.from({ length: 40 }, (_, tick) => {
    const fromMs = tick * 250;
    for (let n = 0; n < 10; n++) {
      const startMs = 200 + fromMs;
      recorder.answered(begin(recorder, startMs), startMs + (tick === 20 ? 900 : 10), null);
    }
    return toTick(recorder.take({ fromMs, toMs: fromMs + 250, plannedToMs: 10_000 }), { fromMs, toMs: fromMs + 250 });
  });
  const { responseTimeMs } = collect(...ticks).judged();
  expect(responseTimeMs.count).toBe(400);
  expect(responseTimeMs.p95).toBeCloseTo(10, 1);
  expect(responseTimeMs.max).toBeGreaterThanOrEqual(900);
  // Nor from the worst thread.
  const [calm, slow] = [ticks.slice(0, 19), ticks.slice(20, 21)].map((some) => some[0]!);
  expect(
    collect(...Array.from({ length: 30 }, () => joinThreads([calm!, calm!], 2)), slow!).judged().responseTimeMs.p95,
  ).toBeCloseTo(10, 1);
});

it('connect time left out: dialling is part of both latencies', () => {
  const recorder = createRecorder(ORDER, ['a']);
  const dialled = exchange(200);
  recorder.begun(dialled);
  dialled.connectedMs = 500;
  recorder.sent(dialled);
  recorder.answered(dialled, 505, null);
  const { responseTimeMs, serviceTimeMs, bad } = collect(toTick(take(recorder))).judged();
  expect(responseTimeMs.mean).toBeCloseTo(305, 0);
  expect(serviceTimeMs.mean).toBeCloseTo(305, 0);
  expect(bad).toEqual([1, 1]);
});

it('a frozen server absent from the percentiles: what it never answered is in them, and what it held back', () => {
  const recorder = createRecorder(ORDER, ['a']);
  for (let n = 0; n < 90; n++) recorder.answered(begin(recorder, 200), 201, null);
  for (let n = 0; n < 3; n++) recorder.timedOut(begin(recorder, 300), 810);
  for (let n = 0; n < 3; n++) recorder.cutOff(begin(recorder, 500), 1_000);
  for (let n = 0; n < 4; n++) recorder.dropped(exchange(400), 'target', 600);
  const { responseTimeMs, bad, counts } = collect(toTick(take(recorder))).judged();
  expect(responseTimeMs).toMatchObject({ count: 100 });
  expect(responseTimeMs.p90).toBeLessThan(2);
  expect(responseTimeMs.p95).toBeGreaterThanOrEqual(499);
  expect(responseTimeMs.p99).toBeGreaterThanOrEqual(599);
  expect(bad).toEqual([10, 10]);
  expect(counts.planned).toBe(100);
});

it('the generator’s saturation published as the target’s limit: it makes the result invalid, and blames nobody else', () => {
  const recorder = createRecorder(ORDER, ['a']);
  for (let n = 0; n < 90; n++) recorder.answered(begin(recorder, 200), 201, null);
  for (let n = 0; n < 10; n++) recorder.dropped(exchange(300), 'generator', 260);
  const collector = collect(toTick(take(recorder)));
  const { counts, errors, bad, responseTimeMs } = collector.judged();
  expect(collector.validity()).toMatchObject({ status: 'invalid' });
  expect({ counts, errors, bad }).toMatchObject({
    counts: { droppedGenerator: 10, droppedTarget: 0 },
    errors: {},
    bad: [0, 0],
  });
  expect(responseTimeMs.max).toBeLessThan(2);

  // Also where every connection was held, but the run ended because the generator had no idle moment left.
  const saturated = createRecorder(ORDER, ['a']);
  for (let n = 0; n < 90; n++) saturated.dropped(exchange(200), 'target', 0);
  const gaveUp = collect(toTick(take(saturated), { endedEarly: 'generator_overloaded' }));
  expect(gaveUp.validity()).toMatchObject({ status: 'invalid', reasons: [expect.stringContaining('gave up')] });
});

it('the worst requests dropped before the p99 was taken: time-outs, drops and immense values are all in it', () => {
  const p99 = (worst: (recorder: ReturnType<typeof createRecorder>) => void): number => {
    const recorder = createRecorder(ORDER, ['a']);
    for (let n = 0; n < 98; n++) recorder.answered(begin(recorder, 200), 201, null);
    for (let n = 0; n < 2; n++) worst(recorder);
    return collect(toTick(take(recorder, 0, 2e7))).judged().responseTimeMs.p99;
  };
  expect(p99((recorder) => recorder.timedOut(begin(recorder, 200), 700))).toBeGreaterThanOrEqual(500);
  expect(p99((recorder) => recorder.dropped(exchange(200), 'target', 0))).toBeGreaterThan(500);
  expect(p99((recorder) => recorder.failed(begin(recorder, 200), 450, 'reset'))).toBeGreaterThanOrEqual(250);
  // Beyond the range of the histogram.
  expect(p99((recorder) => recorder.answered(begin(recorder, 200), 1e7, null))).toBeGreaterThan(4e6);
});
