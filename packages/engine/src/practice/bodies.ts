import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRandom } from '../random.js';
import { chunkBytes, createTransfer, type Link, type Transfer } from './pacing.js';

/** A prime: a piece that ends up at another place of the body never looks right. */
const PERIOD_BYTES = 65_521;
const LARGEST_PIECE = 64 * 1024;
const DIGESTS_KEPT = 1_024;
/** Nearer than this is now: a timer has a grain of a millisecond. */
const NOW_MS = 1;

let pattern: Buffer | undefined;
/** Made when it is first needed: who only imports this pays nothing. */
function makePattern(): Buffer {
  const random = createRandom(9_530);
  const period = Buffer.from(Array.from({ length: PERIOD_BYTES }, () => random.integer(256)));
  return Buffer.concat([period, period, period]);
}

/** Bytes `from`… of the one endless body that every download is the beginning of. At most 64 KiB at once; not to be written to. */
export function bodyPiece(from: number, bytes: number): Buffer {
  pattern ??= makePattern();
  const at = from % PERIOD_BYTES;
  return pattern.subarray(at, at + Math.min(bytes, LARGEST_PIECE));
}

const digests = new Map<number, string>();
/** `Content-Digest` (RFC 9530) of the first `bytes` of that body; made once for each size. */
export function bodyDigest(bytes: number): string {
  let digest = digests.get(bytes);
  if (digest === undefined) {
    const hash = createHash('sha256');
    for (let at = 0; at < bytes; at += LARGEST_PIECE) hash.update(bodyPiece(at, bytes - at));
    digest = digestField(hash.digest());
    if (digests.size >= DIGESTS_KEPT) digests.delete(digests.keys().next().value as number);
    digests.set(bytes, digest);
  }
  return digest;
}

const digestField = (sha256: Buffer): string => `sha-256=:${sha256.toString('base64')}:`;

/** How fast bodies move at one node. */
export interface Pace {
  link: Link;
  bandwidthBytesPerSecond: number;
  transferBytesPerSecond: number;
  transferBurstBytes: number;
}

function start(pace: Pace, nowMs: number): { transfer: Transfer; chunk: number } {
  const { link, transferBytesPerSecond: bytesPerSecond, transferBurstBytes: burstBytes } = pace;
  const transfer = createTransfer({ link, bytesPerSecond, burstBytes, startMs: nowMs });
  return { transfer, chunk: chunkBytes(Math.min(bytesPerSecond, pace.bandwidthBytesPerSecond)) };
}

/** Writes a body of `bytes`, paced, and no faster than the other side reads. The head is already written. */
export function sendBody(response: ServerResponse, bytes: number, pace: Pace): void {
  const { transfer, chunk } = start(pace, performance.now());
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;
  response.once('close', () => clearTimeout(timer));

  function step(): void {
    while (sent < bytes && !response.destroyed) {
      const piece = bodyPiece(sent, Math.min(chunk, bytes - sent));
      const nowMs = performance.now();
      const dueMs = transfer.pass(piece.length, nowMs);
      sent += piece.length;
      if (dueMs - nowMs > NOW_MS) {
        timer = setTimeout(() => void (write(piece) && step()), Math.ceil(dueMs - nowMs));
        return;
      }
      if (!write(piece)) return;
    }
    if (sent >= bytes) response.end();
  }

  /** False when the other side must read first; `step` goes on when it has. */
  function write(piece: Buffer): boolean {
    if (response.destroyed) return false;
    if (response.write(piece)) return true;
    response.once('drain', step);
    return false;
  }

  step();
}

/** What arrived. */
export interface Received {
  bytes: number;
  /** As in `Content-Digest`. */
  digest: string;
}

/** Reads a body, paced. `done` is told what arrived, or null as soon as it is larger than `maxBytes`; nothing when it was cut off. */
export function receiveBody(
  request: IncomingMessage,
  given: { pace: Pace; maxBytes: number },
  done: (received: Received | null) => void,
): void {
  const { transfer } = start(given.pace, performance.now());
  const hash = createHash('sha256');
  let bytes = 0;
  let dueMs = 0;
  let timer: NodeJS.Timeout | undefined;

  /** Waits until the schedule says that what arrived is through; false when it already is. */
  function wait(then: () => void): boolean {
    const aheadMs = dueMs - performance.now();
    if (aheadMs <= NOW_MS) return false;
    clearTimeout(timer);
    timer = setTimeout(then, Math.ceil(aheadMs));
    return true;
  }
  const finish = (): void => done({ bytes, digest: digestField(hash.digest()) });

  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > given.maxBytes) {
      request.removeAllListeners('data').removeAllListeners('end').resume();
      return done(null);
    }
    hash.update(piece);
    dueMs = transfer.pass(piece.length, performance.now());
    if (wait(() => request.resume())) request.pause();
  });
  // A paused stream still ends: its last piece may be ahead of the schedule.
  request.once('end', () => {
    if (!wait(finish)) finish();
  });
  request.once('close', () => {
    if (!request.complete) clearTimeout(timer);
  });
}
