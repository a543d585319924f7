import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noCounts } from '@hive/contract';
import type { Tick } from '@hive/engine';
import { createOutbox } from '../../src/bee/outbox.js';
import { createMerger } from '../../src/hub/merger.js';
import { decodeFrame, encodeFrame } from '../../src/wire/tick-frames.js';

const tick = (number: number, more: Partial<Tick> = {}): Tick => ({
  fromMs: number * 250,
  toMs: (number + 1) * 250,
  phase: 'judged',
  parts: [
    {
      part: 'judged',
      spanMs: 250,
      counts: { ...noCounts(), planned: 1, sent: 1, answered: 1, good: 1 },
      errors: {},
      bad: [0],
      responseTime: null,
      serviceTime: null,
      nodes: {},
      bytesIn: 1,
      bytesOut: 1,
    },
  ],
  connections: 1,
  peakConnections: 1,
  outstanding: 0,
  waiting: 0,
  health: {
    lateness: null,
    latenessP99Ms: 0,
    busy: 0.1,
    eventLoopDelayP99Ms: 0,
    outstandingIntegralMs: 0,
    endedServiceMs: 0,
    openAgesMs: 0,
    clockJumpMs: 0,
  },
  last: false,
  ...more,
});

const plannedOf = (ticks: readonly Tick[]): number =>
  ticks.reduce((sum, { parts }) => sum + parts.reduce((all, part) => all + part.counts.planned, 0), 0);

function merging(count: number) {
  const out: { tick: Tick; missing: readonly number[] }[] = [];
  const merger = createMerger({ count, windowMs: 250 }, (one, missing) => void out.push({ tick: one, missing }));
  return { out, merger };
}

describe('the ticks of several load generators', () => {
  it('say what each region did: together it is what all did', () => {
    const out: Tick[] = [];
    const regions = ['near', 'far', 'far'];
    const merger = createMerger({ count: 3, windowMs: 250, regions }, (one) => void out.push(one));
    for (const share of [0, 1, 2]) merger.add(share, tick(0, share === 2 ? { parts: [] } : {}), 300);
    const [part] = out[0]?.parts ?? [];
    expect(part?.counts.planned).toBe(2);
    expect(part?.regions).toMatchObject({ near: { planned: 1, good: 1, failed: 0 }, far: { planned: 1, bad: [0] } });
  });

  it('are merged window by window', () => {
    const { out, merger } = merging(2);
    merger.add(0, tick(0), 300);
    expect(out).toHaveLength(0);
    merger.add(1, tick(0), 310);
    expect(out[0]?.tick).toMatchObject({ fromMs: 0, toMs: 250, connections: 2, parts: [{ spanMs: 250 }] });
    merger.add(1, tick(1, { last: true }), 560);
    merger.add(0, tick(1, { last: true }), 570);
    expect(out.map((one) => one.tick.last)).toEqual([false, true]);
    expect(plannedOf(out.map((one) => one.tick))).toBe(4);
  });

  it('wait 750 ms for a share that is missing; what comes late still counts', () => {
    const { out, merger } = merging(2);
    merger.add(0, tick(0), 300);
    merger.expire(1_049);
    expect(out).toHaveLength(0);
    merger.expire(1_050);
    expect(out[0]).toMatchObject({ missing: [1], tick: { toMs: 250 } });
    merger.add(0, tick(1, { last: true }), 1_060);
    merger.add(1, tick(0), 1_100);
    merger.add(1, tick(1, { last: true }), 1_200);
    expect(plannedOf(out.map((one) => one.tick))).toBe(4);
    expect(out.at(-1)?.tick.last).toBe(true);
  });

  it('lose no count and leave no gap, in whatever order and however late they come', () => {
    const arrivals = fc.array(fc.record({ share: fc.nat(3), waitMs: fc.nat(900) }), { minLength: 40, maxLength: 60 });
    fc.assert(
      fc.property(arrivals, (steps) => {
        const { out, merger } = merging(4);
        const next = [0, 0, 0, 0];
        let nowMs = 0;
        const send = (share: number, last = false): void => {
          merger.add(share, tick(next[share]!, { last }), nowMs);
          next[share]! += 1;
        };
        for (const { share, waitMs } of steps) {
          nowMs += waitMs;
          merger.expire(nowMs);
          send(share);
        }
        for (const share of [0, 1, 2, 3]) send(share, true);
        const ticks = out.map((one) => one.tick);
        expect(plannedOf(ticks)).toBe(steps.length + 4);
        expect(ticks.map((one) => one.last)).toEqual(ticks.map((_, index) => index === ticks.length - 1));
        for (const [index, one] of ticks.entries()) expect(one.fromMs).toBe(index === 0 ? 0 : ticks[index - 1]!.toMs);
      }),
    );
  });
});

function headOf(one: Tick): string {
  const whole = Buffer.from(encodeFrame({ run: 'a', seq: 1, lateMs: 0, tick: one }));
  return whole.subarray(4, 4 + whole.readUInt32LE(0)).toString();
}

/** With two bytes behind it. */
function framed(head: string): Uint8Array {
  const text = Buffer.from(head);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.byteLength);
  return Buffer.concat([length, text, Buffer.from([1, 2])]);
}

describe('ticks on their way', () => {
  it('arrive as they were, with their histograms', () => {
    const one = tick(3, { health: { ...tick(3).health, lateness: new Uint8Array([1, 2, 3]) } });
    one.parts[0]!.responseTime = new Uint8Array([9]);
    const frame = { run: 'a', seq: 7, lateMs: 0.5, tick: one };
    expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
  });

  it('are refused when they are something else', () => {
    const whole = encodeFrame({ run: 'a', seq: 1, lateMs: 0, tick: tick(0) });
    const negative = tick(0);
    negative.parts[0]!.counts.planned = -1;
    expect(decodeFrame(encodeFrame({ run: 'a', seq: 1, lateMs: 0, tick: negative }))).toBeNull();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(decodeFrame(whole.subarray(0, length))).toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (noise) => {
        expect(decodeFrame(noise)).toBeNull();
      }),
    );
  });

  it.each([
    ['a negative count', '"good":1', '"good":-1'],
    ['half a request', '"good":1', '"good":0.5'],
    ['a number without end', '"busy":0.1', '"busy":1e999'],
    ['no number', '"busy":0.1', '"busy":null'],
    ['a name that no figure has', '"errors":{}', '"errors":{"__proto__":1}'],
    ['a list of errors', '"errors":{}', '"errors":[1]'],
    ['bytes in the place of errors', '"errors":{}', '"errors":{"$bytes":1}'],
    ['bytes beyond its end', '"errors":{}', '"errors":{"$bytes":9}'],
    ['a phase that there is not', '"phase":"judged"', '"phase":"later"'],
    ['three parts', '"parts":[', '"parts":[{},{},'],
    ['a text that is too long', '"run":"a"', `"run":"${'a'.repeat(1_001)}"`],
    ['no figures', '"tick":{', '"tick":null,"other":{'],
  ])('are refused with %s', (_, good, bad) => {
    const text = headOf(tick(0));
    expect(text).toContain(good);
    expect(decodeFrame(framed(text))).not.toBeNull();
    expect(decodeFrame(framed(text.replace(good, bad)))).toBeNull();
  });

  it('lose what this hub does not know of counts, and keep it elsewhere', () => {
    const text = headOf(tick(0)).replace('"good":1', '"good":1,"newer":{}').replace('"last":', '"newer":1,"last":');
    const { tick: read } = decodeFrame(framed(text))!;
    expect(read).toEqual({ ...tick(0), newer: 1 });
  });

  it('wait for the hub, merged beyond a bound, and are sent again until it has them: each count once', () => {
    const lossy = fc.array(fc.record({ delivered: fc.boolean(), confirmed: fc.boolean() }), { maxLength: 120 });
    fc.assert(
      fc.property(lossy, (steps) => {
        let seq = 0;
        let line = { delivered: true, confirmed: true };
        const got: Tick[] = [];
        const outbox = createOutbox({ run: 'a', lateMs: 0 }, (bytes) => {
          const frame = decodeFrame(bytes);
          if (!line.delivered || frame === null || frame.seq !== seq + 1) return;
          seq = frame.seq;
          got.push(frame.tick);
        });
        for (const [index, step] of steps.entries()) {
          line = step;
          outbox.push(tick(index));
          if (step.confirmed) outbox.confirm(seq);
        }
        line = { delivered: true, confirmed: true };
        for (let tries = 0; !outbox.isEmpty() && tries < 20; tries++) {
          outbox.resend();
          outbox.confirm(seq);
        }
        expect(outbox.isEmpty()).toBe(true);
        expect(plannedOf(got)).toBe(steps.length);
      }),
    );
  });
});
