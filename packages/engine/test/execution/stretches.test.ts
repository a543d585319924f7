import { noCounts, type Counts } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { Tick, TickPart } from '../../src/measuring.js';
import { createHistogram, encodeHistogram, record } from '../../src/metrics/histogram.js';
import { createStretches } from '../../src/execution/stretches.js';

function recorded(count: number, ms: number): Uint8Array | null {
  const histogram = createHistogram();
  for (let i = 0; i < count; i += 1) record(histogram, ms * 1_000);
  return encodeHistogram(histogram);
}

function part(name: TickPart['part'], counts: Partial<Counts>, responseTime: Uint8Array | null): TickPart {
  const nothing = { errors: {}, bad: [0], serviceTime: null, nodes: {}, bytesIn: 0, bytesOut: 0 };
  return { part: name, counts: { ...noCounts(), ...counts }, responseTime, ...nothing };
}

function tick(fromMs: number, parts: TickPart[], lateness: Uint8Array | null = null): Tick {
  const health = {
    lateness,
    latenessP99Ms: 0,
    busy: 0,
    eventLoopDelayP99Ms: 0,
    outstandingIntegralMs: 0,
    endedServiceMs: 0,
    openAgesMs: 0,
    clockJumpMs: 0,
  };
  const connections = { connections: 1, peakConnections: 1, outstanding: 0, waiting: 0 };
  return { fromMs, toMs: fromMs + 500, phase: 'judged', parts, ...connections, health, last: false };
}

describe('stretches', () => {
  it('take their mean response time from what is judged, not from what a warm-up left behind', () => {
    const stretches = createStretches();
    const judged = part('judged', { planned: 40, answered: 40, good: 40 }, recorded(40, 20));
    stretches.add(tick(0, [part('warmup', { answered: 30, good: 30 }, recorded(30, 2_000)), judged]));
    expect(stretches.all()).toHaveLength(1);
    expect(stretches.all()[0]?.meanMs).toBeCloseTo(20, 0);
  });

  it('know by how much their requests were sent late on average', () => {
    const stretches = createStretches();
    const judged = part('judged', { planned: 40, answered: 40, good: 40 }, recorded(40, 60));
    stretches.add(tick(0, [judged], recorded(40, 25)));
    stretches.add(tick(500, [judged]));
    expect(stretches.all().map(({ latenessMs = 0 }) => Math.round(latenessMs))).toEqual([25, 0]);
  });
});
