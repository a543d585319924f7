import { describe, expect, it } from 'vitest';
import { createCollector } from '../../src/metrics/collector.js';
import { mergeLatency } from '../../src/metrics/latency.js';
import { joinConsecutive, joinThreads } from '../../src/metrics/merge.js';
import { createRecorder } from '../../src/metrics/recorder.js';
import { begin, collect, exchange, ORDER, take, toTick } from './recording.js';

describe('createRecorder', () => {
  it('counts every fate of a request, and all identities hold', () => {
    const recorder = createRecorder(ORDER, ['a']);
    recorder.answered(begin(recorder, 200), 210, null);
    recorder.answered(begin(recorder, 200), 240, null);
    recorder.answered(begin(recorder, 200), 205, 'http_5xx');
    recorder.failed(begin(recorder, 300), 301, 'reset');
    recorder.timedOut(begin(recorder, 300), 812);
    recorder.cutOff(begin(recorder, 900), 1_000);
    recorder.dropped(exchange(400), 'target', 0);
    recorder.dropped(exchange(400), 'generator', 300);
    const local = exchange(500);
    recorder.begun(local);
    recorder.refusedLocally(local, 501, 'local_ports');

    const collector = collect(toTick(take(recorder)));
    const totals = collector.judged();
    expect(totals.counts).toEqual({
      planned: 9,
      sent: 6,
      droppedTarget: 1,
      droppedGenerator: 2,
      answered: 3,
      good: 2,
      failed: 1,
      timedOut: 1,
      cutOff: 1,
    });
    expect(totals.errors).toEqual({ http_5xx: 1, reset: 1, timeout: 1, local_ports: 1 });
    // Beyond 20 ms: one slow answer, one error answer, one failed, one timed out, one dropped, and the one open for 100 ms.
    expect(totals.bad).toEqual([6, 5]);
    expect(totals.nodes).toEqual({ a: 2 });
    expect(collector.validity().reasons.filter((reason) => reason.includes('add up'))).toEqual([]);
    expect(collector.validity().status).toBe('invalid');
  });

  it('gives a request to the part in which it was meant to start', () => {
    const recorder = createRecorder(ORDER, ['a']);
    recorder.answered(begin(recorder, 99, 150), 160, null);
    recorder.answered(begin(recorder, 100, 150), 160, null);
    const parts = take(recorder).parts;
    expect(parts.map(({ part, counts, spanMs }) => [part, counts.good, spanMs])).toEqual([
      ['warmup', 1, 100],
      ['judged', 1, 900],
    ]);
  });

  it('records both latencies: the wait for a connection is in the response time only', () => {
    const recorder = createRecorder(ORDER, ['a']);
    recorder.answered(begin(recorder, 200, 260), 265, null);
    const totals = collect(toTick(take(recorder))).judged();
    expect(totals.responseTimeMs.mean).toBeCloseTo(65, 0);
    expect(totals.serviceTimeMs.mean).toBeCloseTo(5, 1);
    expect(totals.waitingMs).toBeCloseTo(60, 0);
    expect(totals.bad).toEqual([1, 1]);
  });

  it('records a timed out request at its time-out, and a dropped one above it', () => {
    const recorder = createRecorder(ORDER, ['a']);
    recorder.timedOut(begin(recorder, 200), 900);
    recorder.dropped(exchange(300), 'target', 10);
    const totals = collect(toTick(take(recorder))).judged();
    expect(totals.serviceTimeMs).toMatchObject({ count: 1 });
    expect(totals.serviceTimeMs.max).toBeCloseTo(500, -1);
    expect(totals.responseTimeMs.count).toBe(2);
    expect(totals.responseTimeMs.max).toBeGreaterThan(totals.serviceTimeMs.max);
  });

  it('shows a frozen server in the percentiles although nothing was answered', () => {
    const recorder = createRecorder(ORDER, ['a']);
    for (let request = 0; request < 100; request++) {
      if (request < 90) recorder.answered(begin(recorder, 200), 201, null);
      else recorder.cutOff(begin(recorder, 200), 650);
    }
    const totals = collect(toTick(take(recorder))).judged();
    expect(totals.responseTimeMs.p95).toBeGreaterThan(440);
    expect(totals.bad).toEqual([10, 10]);
  });

  it('closes Little’s law over several ticks, and reports negative durations', () => {
    const recorder = createRecorder(ORDER, ['a']);
    const slow = begin(recorder, 200);
    recorder.answered(begin(recorder, 210), 215, null);
    const first = toTick(take(recorder, 0, 250), { toMs: 250, last: false });
    recorder.answered(slow, 400, null);
    const second = toTick(take(recorder, 250, 1_000), { fromMs: 250 });
    expect(first.health.openAgesMs).toBeCloseTo(50);
    expect(collect(first, second).validity()).toEqual({ status: 'valid', reasons: [] });

    const broken = createRecorder(ORDER, ['a']);
    broken.answered(begin(broken, 300, 200), 250, null);
    expect(collect(toTick(take(broken))).validity().status).toBe('invalid');
  });

  it('cuts a request into phases that add up to it, none of them negative', () => {
    const recorder = createRecorder(ORDER, ['a']);
    const dialled = begin(recorder, 200, 230);
    Object.assign(dialled, { connectedMs: 240, securedMs: 260, firstByteMs: 300 });
    recorder.answered(dialled, 310, null);
    const collector = collect(toTick(take(recorder)));
    const { connect, tls, firstByte, transfer } = collector.phases();
    expect([connect, tls, firstByte, transfer].map(({ mean }) => Math.round(mean))).toEqual([10, 20, 40, 10]);
    expect(collector.judged().serviceTimeMs.mean).toBeCloseTo(80, 0);

    const kept = begin(recorder, 400);
    recorder.answered(kept, 405, null);
    const reused = collect(toTick(take(recorder))).phases();
    expect([reused.connect.count, reused.tls.count, reused.firstByte.count]).toEqual([0, 0, 1]);
    expect(reused.transfer.max).toBe(0);
  });

  it('names what waits in the offered rate, and counts it when it is sent', () => {
    const recorder = createRecorder(ORDER, ['a']);
    recorder.arrived(200, 200.1);
    recorder.arrived(300, 300.1);
    recorder.answered(begin(recorder, 200), 210, null);
    const collector = createCollector({ thresholdsMs: [] });
    const live = collector.live(toTick(take(recorder)));
    expect(live.counts.planned).toBe(1);
    expect(live.offeredPerSecond).toBe(2);
    expect(live.throughputPerSecond).toBe(1);
  });

  it('tells apart what was too slow only because the generator came to it late', () => {
    const recorder = createRecorder(ORDER, ['a']);
    const late = (lateMs: number, serviceMs: number): void => {
      const one = begin(recorder, 200, 200 + lateMs);
      one.lateMs = lateMs;
      recorder.answered(one, one.startMs + serviceMs, null);
    };
    late(15, 10);
    late(45, 10);
    late(15, 30);
    late(1, 10);
    // It waited for a connection: coming to it earlier would have changed nothing.
    recorder.answered(begin(recorder, 200, 260), 265, null);
    const tick = toTick(take(recorder));
    expect(collect(tick).judged()).toMatchObject({ bad: [4, 2], badByLateness: [2, 1] });
    expect(joinThreads([tick, tick], 2).parts.at(-1)).toMatchObject({ bad: [8, 4], badByLateness: [4, 2] });
    expect(joinConsecutive(toTick(take(recorder)), tick).parts.at(-1)).toMatchObject({ badByLateness: [2, 1] });
  });

  it('starts empty after a take', () => {
    const recorder = createRecorder(ORDER, ['a']);
    recorder.answered(begin(recorder, 200), 210, 'http_4xx');
    take(recorder);
    const { parts } = take(recorder, 1_000, 1_250);
    expect(parts).toEqual([]);
  });
});

describe('createCollector', () => {
  it('gives no rate to a window without length', () => {
    const recorder = createRecorder(ORDER, ['a']);
    recorder.answered(begin(recorder, 200), 210, null);
    const tick = toTick(take(recorder), { fromMs: 250, toMs: 250 });
    const live = createCollector({ thresholdsMs: ORDER.thresholdsMs }).live(tick);
    expect(live.throughputPerSecond).toBe(0);
    expect(live.offeredPerSecond).toBe(0);
  });

  it('merges rows from their ticks, and hands each over once', () => {
    const recorder = createRecorder(ORDER, ['a']);
    const collector = createCollector({ thresholdsMs: ORDER.thresholdsMs });
    expect(collector.takeRow()).toBeNull();
    for (let tick = 0; tick < 4; tick++) {
      recorder.answered(begin(recorder, tick * 250), tick * 250 + 5, null);
      const [fromMs, toMs] = [tick * 250, tick * 250 + 250];
      collector.add(toTick(take(recorder, fromMs, toMs), { fromMs, toMs, last: false }));
    }
    const row = collector.takeRow();
    expect(row?.figures).toMatchObject({ fromMs: 0, toMs: 1_000, throughputPerSecond: 4 });
    expect(mergeLatency([row!.responseTime!]).count).toBe(4);
    expect(collector.takeRow()).toBeNull();
    expect(collector.whole().counts.good).toBe(4);
    expect(collector.whole().seconds).toBeCloseTo(1);
  });

  it('closes a row with the first tick after each full second, though ticks are late, and with the last one', () => {
    const ends = [260, 505, 752, 1_003, 1_251, 1_509, 1_750, 2_001, 2_254, 2_300];
    const rows = (): [number, number][] => {
      const collector = createCollector({ thresholdsMs: [] });
      return ends.flatMap((toMs, index) => {
        const fromMs = ends[index - 1] ?? 0;
        const recorder = createRecorder(ORDER, ['a']);
        collector.add(toTick(take(recorder, fromMs, toMs), { fromMs, toMs, last: toMs === ends.at(-1) }));
        const row = collector.takeRow();
        return row === null ? [] : [[row.figures.fromMs, row.figures.toMs] as [number, number]];
      });
    };
    expect(rows()).toEqual([
      [0, 1_003],
      [1_003, 2_001],
      [2_001, 2_300],
    ]);
  });

  it('takes no line that drains after the end for throughput, nor a slow answer for the lack of it', () => {
    // Planned: 100 in a second. Answered: 40 a second.
    const draining = createRecorder({ ...ORDER, warmupMs: 0 }, ['a']);
    for (let n = 0; n < 100; n++) draining.answered(begin(draining, n * 10), 100 + n * 25, null);
    const tick = toTick(take(draining, 0, 3_000));
    for (const all of [tick, joinThreads([tick, tick], 2), joinConsecutive(toTick(take(draining)), tick)]) {
      const { throughputPerSecond, counts, goodSeconds } = collect(all).judged();
      expect(goodSeconds).toBeCloseTo(2.475);
      expect(throughputPerSecond).toBeCloseTo(counts.good / 2.475);
    }
    // Each answer takes 800 ms, and none is the less for it.
    const slow = createRecorder({ ...ORDER, warmupMs: 0 }, ['a']);
    for (let n = 0; n < 100; n++) slow.answered(begin(slow, n * 10), n * 10 + 800, null);
    expect(collect(toTick(take(slow, 0, 2_000))).judged()).toMatchObject({ throughputPerSecond: 100, goodSeconds: 1 });
  });

  it('holds nothing against the generator that happened in the warm-up', () => {
    const recorder = createRecorder(ORDER, ['a']);
    recorder.arrived(10, 90);
    const warmup = toTick(take(recorder, 0, 100), { toMs: 100, phase: 'warmup', last: false });
    Object.assign(warmup.health, { busy: 1, machineBusy: 1 });
    for (let n = 0; n < 10; n++) recorder.arrived(200 + n, 200 + n);
    const judged = toTick(take(recorder, 100, 1_000), { fromMs: 100 });
    expect(collect(warmup, judged).validity()).toEqual({ status: 'valid', reasons: [] });
    expect(
      collect({ ...warmup, phase: 'judged' }, judged)
        .validity()
        .reasons.join(),
    ).toMatch(/late.*busy/);
  });
});
