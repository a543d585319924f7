import { build, JsHistogram } from 'hdr-histogram-js';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addEncoded } from '../../src/metrics/histogram-decoding.js';
import {
  addHistogram,
  clearHistogram,
  createHistogram,
  encodeHistogram,
  quantileUs,
  record,
  type Histogram,
} from '../../src/metrics/histogram.js';
import { mergeLatency, quantileMs, timeBeyondMs, toLatency } from '../../src/metrics/latency.js';

const of = (values: readonly number[]): Histogram => {
  const histogram = createHistogram();
  for (const value of values) record(histogram, value);
  return histogram;
};
const same = (one: Histogram, other: Histogram): boolean =>
  one.total === other.total && one.end === other.end && Buffer.compare(bytesOf(one), bytesOf(other)) === 0;
const bytesOf = ({ counts }: Histogram): Buffer => Buffer.from(counts.buffer);
const value = fc.oneof(fc.nat(5_000), fc.nat(2_000_000), fc.integer({ min: 0, max: 0xffff_ffff }));
const values = fc.array(value, { minLength: 1, maxLength: 200 });

describe('histogram', () => {
  it('agrees with HdrHistogram on every percentile', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.001, max: 1, noNaN: true }), (some, quantile) => {
        const reference = build({ highestTrackableValue: 0xffff_ffff, autoResize: false });
        for (const one of some) reference.recordValue(one);
        expect(quantileUs(of(some), quantile)).toBe(reference.getValueAtPercentile(quantile * 100));
      }),
    );
  });

  it('is encoded so that HdrHistogram reads it, and comes back as it was', () => {
    fc.assert(
      fc.property(values, (some) => {
        const histogram = of(some);
        const encoded = encodeHistogram(histogram) as Uint8Array;
        const read = (JsHistogram as unknown as { decode(bytes: Uint8Array): JsHistogram }).decode(
          inflateSync(encoded.subarray(8)),
        );
        expect(read.totalCount).toBe(some.length);
        expect(read.getValueAtPercentile(50)).toBe(quantileUs(histogram, 0.5));
        const back = createHistogram();
        addEncoded(back, encoded);
        expect(same(back, histogram)).toBe(true);
      }),
    );
  });

  it('merges to what one histogram of all values holds', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const merged = of(one);
        addHistogram(merged, of(other));
        expect(same(merged, of([...one, ...other]))).toBe(true);
        const whole = mergeLatency([encodeHistogram(of(one))!, encodeHistogram(of(other))!]);
        expect(whole).toEqual(toLatency(of([...one, ...other])));
      }),
    );
  });

  it('takes the p95 of a run from all its values, not from the p95s of its windows', () => {
    const calm = Array.from({ length: 990 }, () => 1_000);
    const bad = Array.from({ length: 10 }, () => 900_000);
    const merged = mergeLatency([encodeHistogram(of(calm))!, encodeHistogram(of(bad))!]);
    expect(merged.p95).toBe(1);
    expect(merged.max).toBeGreaterThanOrEqual(900);
  });

  it('keeps the worst requests in the p99', () => {
    const some = Array.from({ length: 1_000 }, (_, index) => (index < 980 ? 1_000 : 500_000));
    expect(toLatency(of(some)).p99).toBeGreaterThan(499);
  });

  it('counts what is negative, not a number or beyond its range, at its ends', () => {
    const histogram = of([-5, Number.NaN, 1e12]);
    expect(histogram.total).toBe(3);
    expect(quantileUs(histogram, 0.5)).toBe(0);
    expect(quantileUs(histogram, 1)).toBe(0xffff_ffff);
  });

  it('is empty after clearing, and encodes to nothing', () => {
    const histogram = of([1, 2_000_000]);
    clearHistogram(histogram);
    expect(same(histogram, createHistogram())).toBe(true);
    expect(encodeHistogram(histogram)).toBeNull();
    expect(mergeLatency([])).toMatchObject({ count: 0, p99: 0, max: 0 });
  });

  it('refuses bytes that are no histogram', () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(40), encodeHistogram(of([1]))!.subarray(0, 20)]) {
      expect(() => mergeLatency([bytes])).toThrow(/HdrHistogram/);
    }
  });

  it('answers quantiles and time beyond a latency of an encoded histogram', () => {
    const encoded = encodeHistogram(of([100_000, 100_000, 300_000, 500_000]))!;
    expect(quantileMs(encoded, 0.5)).toBeCloseTo(100, 0);
    expect(timeBeyondMs(encoded, 250)).toBeCloseTo(50 + 250, -1);
    expect(timeBeyondMs(encoded, 1_000)).toBe(0);
  });
});
