import { inflateSync } from 'node:zlib';
import { HiveError } from '@hive/contract';
import { COMPRESSED_COOKIE, ENCODING_COOKIE, HEADER_BYTES, MOST_BYTES, type Histogram } from './histogram.js';

/** Counts are kept in 32 bits. */
const MOST_COUNT = 0xffff_ffff;

/**
 * Adds an encoded histogram, packed or compressed, to `to`.
 * @throws HiveError `internal` when the bytes are no such histogram.
 */
export function addEncoded(to: Histogram, encoded: Uint8Array): void {
  const bytes = unpack(encoded);
  const end = HEADER_BYTES + bytes.readUInt32BE(4);
  let index = 0;
  for (let at = HEADER_BYTES; at < end;) {
    let word = 0;
    let factor = 1;
    for (let more = true; more && at < end; factor *= 128) {
      const byte = bytes[at++]!;
      word += (byte & 0x7f) * factor;
      more = byte > 0x7f;
    }
    if (word % 2 === 1) {
      index += (word + 1) / 2;
      continue;
    }
    if (index >= to.counts.length) throw unreadable();
    const count = word / 2;
    if (count > MOST_COUNT) throw unreadable();
    to.counts[index]! += count;
    to.total += count;
    index += 1;
    if (count > 0 && index > to.end) to.end = index;
  }
}

function unpack(encoded: Uint8Array): Buffer {
  const given = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  if (given.length < 8) throw unreadable();
  const bytes = given.readUInt32BE(0) === COMPRESSED_COOKIE ? inflated(given) : given;
  const whole = bytes.length >= HEADER_BYTES && bytes.length >= HEADER_BYTES + bytes.readUInt32BE(4);
  if (!whole || bytes.readUInt32BE(0) !== ENCODING_COOKIE || bytes.readUInt32BE(12) !== 3) throw unreadable();
  return bytes;
}

function inflated(compressed: Buffer): Buffer {
  try {
    // A few kilobytes can be made to inflate to gigabytes.
    return inflateSync(compressed.subarray(8, 8 + compressed.readUInt32BE(4)), { maxOutputLength: MOST_BYTES });
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): HiveError {
  return new HiveError(
    'internal',
    'the bytes are not an HdrHistogram V2 with three digits',
    cause === undefined ? {} : { cause },
  );
}
