import { ResponseParser } from '../../src/http1/response-parser.js';

export interface Parsed {
  status: number;
  /** `open`: the peer closed too early. */
  end: 'whole' | 'by closing' | 'open' | 'protocol' | 'too_large';
  reusable: boolean;
  /** Bytes after the answer. */
  left: number;
}

/** Feeds an answer in pieces of `step` bytes to Hive's parser, then closes. */
export function parseHive(bytes: Uint8Array, step: number, options: { head?: boolean } = {}): Parsed {
  const parser = new ResponseParser();
  parser.reset(options.head ?? false);
  let taken = 0;
  for (let from = 0; from < bytes.length && !parser.done && !parser.failed; from += step) {
    const piece = bytes.slice(from, from + step);
    taken = from + parser.feed(piece, piece.length);
  }
  const common = { status: parser.status, reusable: parser.reusable, left: bytes.length - taken };
  if (parser.failed) return { ...common, end: parser.failure };
  if (parser.done) return { ...common, end: 'whole' };
  return { ...common, end: parser.finish() ? 'by closing' : 'open' };
}
