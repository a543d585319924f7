import { inflateSync } from 'node:zlib';
import { HiveError } from '@hive/contract';
import { COMPRESSED_COOKIE, ENCODING_COOKIE, HEADER_BYTES, type Histogram } from './histogram.js';

/**
 * Adds an encoded histogram to `to`.
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
    to.counts[index]! += count;
    to.total += count;
    index += 1;
    if (count > 0 && index > to.end) to.end = index;
  }
}

function unpack(encoded: Uint8Array): Buffer {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  if (encoded.length < 8 || view.getUint32(0) !== COMPRESSED_COOKIE) throw unreadable();
  let bytes: Buffer;
  try {
    bytes = inflateSync(encoded.subarray(8, 8 + view.getUint32(4)));
  } catch (cause) {
    throw unreadable(cause);
  }
  const whole = bytes.length >= HEADER_BYTES && bytes.length >= HEADER_BYTES + bytes.readUInt32BE(4);
  if (!whole || bytes.readUInt32BE(0) !== ENCODING_COOKIE || bytes.readUInt32BE(12) !== 3) throw unreadable();
  return bytes;
}

function unreadable(cause?: unknown): HiveError {
  return new HiveError(
    'internal',
    'the bytes are not an HdrHistogram V2 with three digits',
    cause === undefined ? {} : { cause },
  );
}
