import type { LoadOrder } from '../measuring.js';
import type { Range } from './response-lines.js';

/** Reads the values of a few named headers out of answers; all others cost one comparison of a length. */
export class ReadHeaders {
  private readonly wanted: { name: string; value: string | null }[];
  /** Whose value the newest line gave; null: nobody's. */
  private newest: { value: string | null } | null = null;

  /** `names` in small letters. */
  constructor(names: readonly string[]) {
    this.wanted = names.map((name) => ({ name, value: null }));
  }

  clear(): void {
    for (const one of this.wanted) one.value = null;
  }

  /** Takes one field line `bytes[from, end)`, well formed. */
  take(bytes: Uint8Array, { from, end }: Range): void {
    const colon = bytes.indexOf(58, from);
    this.newest = null;
    for (const one of this.wanted) {
      if (colon - from !== one.name.length || !matches(bytes, from, one.name)) continue;
      const value = textOf(bytes, { from: colon + 1, end });
      // Lines of one name are one list (RFC 9110, 5.2), but for cookies, in which commas are not between members.
      const between = one.name === 'set-cookie' ? '\n' : ', ';
      one.value = one.value === null ? value : `${one.value}${between}${value}`;
      this.newest = one;
    }
  }

  /** Adds a folded line to the newest value (RFC 9112, 5.2). */
  extend(bytes: Uint8Array, range: Range): void {
    if (this.newest !== null) this.newest.value = `${this.newest.value} ${textOf(bytes, range)}`;
  }

  value(name: string): string | null {
    return this.wanted.find((one) => one.name === name)?.value ?? null;
  }
}

function textOf(bytes: Uint8Array, { from, end }: Range): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from)
    .toString('latin1')
    .trim();
}

function matches(bytes: Uint8Array, from: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    const byte = bytes[from + index]!;
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (lower !== name.charCodeAt(index)) return false;
  }
  return true;
}

/** Words by which caches say that they gave the answer themselves: also a stale one came out of the cache. */
const HIT = /(?:^|[\s,;_])(?:hit|stale|updating)(?:$|[\s,;-])/i;

/** What headers say of a cache: any value with a hit is one; an age above zero proves one; a named header without a hit is a miss. */
export function cacheMark(headers: ReadHeaders, names: readonly string[]): 'hit' | 'miss' | null {
  let told = false;
  for (const given of names) {
    const name = given.toLowerCase();
    const value = headers.value(name);
    if (value === null) continue;
    if (name === 'age') {
      if (Number(value) > 0) return 'hit';
    } else if (HIT.test(value)) return 'hit';
    else told = true;
  }
  return told ? 'miss' : null;
}

/** By this a target says what it received: the digest of the request's body, written as in `content-digest`. */
export const RECEIVED_DIGEST = 'x-received-digest';

/** The headers that an order, and a class whose body is checked, want to have read. */
export function wantedHeaders(readHeaders: LoadOrder['readHeaders'], digests: boolean): string[] {
  const { cache = [], node } = readHeaders ?? {};
  const names = [
    ...cache,
    ...(node === undefined ? [] : [node]),
    ...(digests ? ['content-digest', 'repr-digest', RECEIVED_DIGEST] : []),
  ];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}
