import { deflateSync } from 'node:zlib';

/*
 * HDR histogram (Gil Tene, HdrHistogram 2012) of whole numbers with three significant digits: values below 2,048 are exact,
 * above, each power of two is cut in 1,024 equal parts. The layout and the encoding are those of HdrHistogram V2, so any tool reads them.
 */
const HALF_BITS = 10;
const HALF = 1 << HALF_BITS;
const HIGHEST = 0xffff_ffff;
const LENGTH = (32 - HALF_BITS + 1) * HALF;
export const ENCODING_COOKIE = 0x1c84_9313;
export const COMPRESSED_COOKIE = 0x1c84_9314;
export const HEADER_BYTES = 40;

/** Counts of values in µs, up to 71 minutes; what is longer counts as that. */
export interface Histogram {
  counts: Uint32Array;
  total: number;
  /** Index above the highest that is not zero. */
  end: number;
}

export function createHistogram(): Histogram {
  return { counts: new Uint32Array(LENGTH), total: 0, end: 0 };
}

/** Records one value in µs. Negative values and NaN count as zero: the caller reports them. */
export function record(histogram: Histogram, valueUs: number): void {
  const index = indexOf(valueUs);
  histogram.counts[index]! += 1;
  histogram.total += 1;
  if (index >= histogram.end) histogram.end = index + 1;
}

/** Adds all of `from` to `to`. */
export function addHistogram(to: Histogram, from: Histogram): void {
  for (let index = 0; index < from.end; index++) to.counts[index]! += from.counts[index]!;
  to.total += from.total;
  if (from.end > to.end) to.end = from.end;
}

export function clearHistogram(histogram: Histogram): void {
  histogram.counts.fill(0, 0, histogram.end);
  histogram.total = 0;
  histogram.end = 0;
}

/** Lowest and highest value, µs, that are counted at an index. */
export function rangeAt(index: number): { low: number; high: number } {
  const shift = index < 2 * HALF ? 0 : (index >>> HALF_BITS) - 1;
  const low = (index - shift * HALF) * 2 ** shift;
  return { low, high: low + 2 ** shift - 1 };
}

/** The value in µs that the share `quantile` (0–1) of all recorded does not exceed, to the grain; 0 when empty. */
export function quantileUs(histogram: Histogram, quantile: number): number {
  const wanted = rankOf(histogram.total, quantile);
  let seen = 0;
  for (let index = 0; index < histogram.end; index++) {
    seen += histogram.counts[index]!;
    if (seen >= wanted) return rangeAt(index).high;
  }
  return 0;
}

/** How many of `total` values the share `quantile` (0–1) is, at least one. */
export function rankOf(total: number, quantile: number): number {
  // The subtraction keeps a product such as 0.99 × 100 = 99.00000000000001 from asking for one value more.
  return Math.max(1, Math.ceil(quantile * total * (1 - 1e-12)));
}

/** Calls `visit` with the middle of each range that holds something, in µs, lowest first. */
export function eachValue(histogram: Histogram, visit: (valueUs: number, count: number) => void): void {
  for (let index = 0; index < histogram.end; index++) {
    const count = histogram.counts[index]!;
    if (count === 0) continue;
    const { low, high } = rangeAt(index);
    visit((low + high) / 2, count);
  }
}

/** No encoded histogram is longer, bytes: a word has five bytes at most. */
export const MOST_BYTES = HEADER_BYTES + LENGTH * 5 + 8;
const packing = Buffer.alloc(MOST_BYTES);

/** HdrHistogram V2, not compressed: for what is read again within the second. Null when nothing was recorded. */
export function packHistogram(histogram: Histogram): Uint8Array | null {
  return histogram.total === 0 ? null : new Uint8Array(packed(histogram));
}

/** HdrHistogram V2, compressed: for what is kept. Null when nothing was recorded. */
export function encodeHistogram(histogram: Histogram): Uint8Array | null {
  if (histogram.total === 0) return null;
  const deflated = deflateSync(packed(histogram), { level: 1 });
  const encoded = new Uint8Array(8 + deflated.length);
  const view = new DataView(encoded.buffer);
  view.setUint32(0, COMPRESSED_COOKIE);
  view.setUint32(4, deflated.length);
  encoded.set(deflated, 8);
  return encoded;
}

/** The packed bytes, in a buffer that the next call uses again. */
function packed({ counts, end }: Histogram): Buffer {
  const bytes = packing;
  let at = HEADER_BYTES;
  for (let index = 0; index < end;) {
    let word = counts[index++]!;
    if (word === 0) {
      let zeros = 1;
      while (index < end && counts[index] === 0) {
        zeros += 1;
        index += 1;
      }
      // A single zero is written as the count 0, a run of n zeros as −n. ZigZag: n → 2n, −n → 2n − 1.
      word = zeros === 1 ? 0 : 2 * zeros - 1;
    } else {
      word *= 2;
    }
    while (word > 0x7f) {
      bytes[at++] = (word % 128) | 0x80;
      word = Math.floor(word / 128);
    }
    bytes[at++] = word;
  }
  bytes.writeUInt32BE(ENCODING_COOKIE, 0);
  bytes.writeUInt32BE(at - HEADER_BYTES, 4);
  bytes.writeUInt32BE(3, 12);
  bytes.writeBigInt64BE(1n, 16);
  bytes.writeBigInt64BE(BigInt(HIGHEST), 24);
  bytes.writeDoubleBE(1, 32);
  return bytes.subarray(0, at);
}

function indexOf(valueUs: number): number {
  if (!(valueUs > 0)) return 0;
  const value = valueUs > HIGHEST ? HIGHEST : valueUs >>> 0;
  if (value < 2 * HALF) return value;
  const shift = 31 - HALF_BITS - Math.clz32(value);
  return (shift << HALF_BITS) + (value >>> shift);
}
