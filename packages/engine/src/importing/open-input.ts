import { createGunzip } from 'node:zlib';
import { HiveError } from '@hive/contract';

/** The pieces of a file or of a stream, as they come. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** What was opened: its bytes unpacked and in UTF-8, and what is odd about it, known once the bytes were read. */
export interface OpenInput {
  chunks: AsyncIterable<Buffer>;
  warnings: string[];
}

/** A gzip inside a gzip is one; more are a trap. */
const MOST_LAYERS = 3;
/**
 * Bytes that are unpacked at once, up to which place of the file: what the piece in which it breaks would have given is lost, so a small
 * file goes byte by byte. One piece unpacks to at most a thousand times its size.
 */
const PIECES: [upTo: number, bytes: number][] = [
  [2 * 1024, 1],
  [64 * 1024, 64],
  [Infinity, 16 * 1024],
];
const pieceAt = (place: number): number => PIECES.find(([upTo]) => place < upTo)?.[1] ?? 1;
/** Longer texts are not held whole. */
const LONGEST_TEXT = 256 * 1024 * 1024;

/** How files that Hive does not unpack begin, and what unpacks them. */
const PACKED: [name: string, magic: number[], command: string][] = [
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd], 'zstdcat'],
  ['bzip2', [0x42, 0x5a, 0x68], 'bzcat'],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 'xzcat'],
  ['zip', [0x50, 0x4b, 0x03, 0x04], 'unzip -p'],
];

/**
 * The one way to open what is imported: gzip is unpacked, whatever the file is called; UTF-16 becomes UTF-8; a mark of the byte order
 * goes. A gzip that breaks off gives what came before its end, and a warning.
 * @throws HiveError `validation` while it is read, for what is packed in another way.
 */
export function openInput(chunks: Chunks): OpenInput {
  const warnings: string[] = [];
  return { chunks: decoded(chunks, warnings, 1), warnings };
}

/** The whole text of an input. @throws HiveError `validation` when it is too long to be held. */
export async function readInput(chunks: Chunks): Promise<{ text: string; warnings: string[] }> {
  const input = openInput(chunks);
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of input.chunks) {
    length += piece.length;
    if (length > LONGEST_TEXT) {
      const hint = 'save a part of it: an hour of traffic says as much as a day';
      throw new HiveError('validation', 'the file has more than 256 MiB of text', { hint });
    }
    pieces.push(piece);
  }
  return { text: Buffer.concat(pieces).toString('utf8'), warnings: input.warnings };
}

async function* decoded(chunks: Chunks, warnings: string[], layer: number): AsyncGenerator<Buffer> {
  const { head, all } = await peek(chunks);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    if (layer > MOST_LAYERS) throw new HiveError('validation', 'the file is packed with gzip too many times');
    yield* decoded(gunzipped(all, warnings), warnings, layer + 1);
    return;
  }
  for (const [name, magic, command] of PACKED) {
    if (!magic.every((byte, index) => head[index] === byte)) continue;
    const hint = `unpack it first: ${command} FILE | hive init … -`;
    throw new HiveError('validation', `the file is packed with ${name}, which Hive does not unpack`, { hint });
  }
  const encoding = encodingOf(head);
  if (encoding === null) {
    yield* all;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of all) yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
  yield Buffer.from(decoder.decode(), 'utf8');
}

/** The first bytes, and everything including them. */
async function peek(chunks: Chunks): Promise<{ head: Buffer; all: AsyncGenerator<Buffer> }> {
  const iterator = buffers(chunks)[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 64) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.(undefined);
    }
  }
  return { head: head.subarray(0, 64), all: all() };
}

async function* buffers(chunks: Chunks): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (typeof chunk === 'string') yield Buffer.from(chunk, 'utf8');
    else yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

/** UTF-16 and the mark of UTF-8; null for bytes that are read as they are. */
function encodingOf(head: Buffer): 'utf-16le' | 'utf-16be' | 'utf-8' | null {
  const [first, second, third] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  // Without a mark: the first characters of documents and logs are ASCII, so every other byte is 0.
  if (head.length < 4) return null;
  const zeros = (from: number): boolean =>
    [0, 2].every((step) => head[from + step] === 0 && head[1 - from + step] !== 0);
  if (zeros(1)) return 'utf-16le';
  return zeros(0) ? 'utf-16be' : null;
}

/** Unpacks piece by piece: a stream that fails drops what it has not handed on yet. */
async function* gunzipped(chunks: AsyncIterable<Buffer>, warnings: string[]): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const unpacked: Buffer[] = [];
  let failure: Error | null = null;
  gunzip.on('data', (piece: Buffer) => unpacked.push(piece));
  gunzip.on('error', (error) => (failure ??= error));
  // A piece in which it fails is never called back for.
  const closed = new Promise<void>((resolve) => gunzip.once('close', resolve));
  const failed = (): Error | null => failure;
  let place = 0;
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length && failed() === null;) {
        const piece = chunk.subarray(at, at + pieceAt(place));
        at += piece.length;
        place += piece.length;
        await Promise.race([closed, new Promise<void>((resolve) => gunzip.write(piece, () => resolve()))]);
        yield* unpacked.splice(0);
      }
      if (failed() !== null) break;
    }
    if (failed() === null) {
      gunzip.end();
      await Promise.race([closed, new Promise<void>((resolve) => gunzip.once('end', resolve))]);
    }
    yield* unpacked.splice(0);
    if (failed() !== null) warnings.push('The file breaks off or is damaged: what came before that was read');
  } finally {
    gunzip.destroy();
  }
}
