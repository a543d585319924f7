/** What the header of an answer says about its framing. */
export interface Head {
  status: number;
  /** Minor version of HTTP/1. */
  minor: number;
  /** Content-Length, or −1. */
  length: number;
  /** The last transfer coding is `chunked`. */
  chunked: boolean;
  /** There is a Transfer-Encoding. */
  coded: boolean;
  close: boolean;
  keep: boolean;
  /** The newest field line was about framing or the connection: nothing may be added to it. */
  framing: boolean;
}

/** What is wrong with the form of an answer, in words. Constants, so that telling them apart allocates nothing. */
export const BREACH = {
  status: 'it does not begin like an HTTP/1.x answer',
  field: 'a header line has no proper name and colon',
  control: 'its header has a control character',
  length: 'its Content-Length is not a whole number',
  lengths: 'it gives two different Content-Lengths',
  both: 'it has a Content-Length and a Transfer-Encoding',
  coding: 'its Transfer-Encoding names chunked more than once, or not last',
  folded: 'a folded header line could be read in two ways',
  lineFeed: 'its header mixes CR LF with bare line feeds where that could be read in two ways',
  chunk: 'its chunks are malformed',
  trailer: 'its trailer is malformed',
  upgrade: 'it switches to another protocol (101)',
} as const;

const SPACE = 32;
const TAB = 9;
const COLON = 58;
const SEMICOLON = 59;
const COMMA = 44;
const EQUALS = 61;
const QUOTE = 34;
const BACKSLASH = 92;
const ZERO = 48;
const LOWER = 0x20;
/** More digits than any body needs, and few enough for a sum without loss. */
const MAX_DIGITS = 15;

/** RFC 9110, 5.6.2: what a field name is made of. */
const TOKEN = table("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
/** Control characters: all but the tab end a line, and only CR LF may. */
const CONTROL = Uint8Array.from({ length: 256 }, (_, byte) => ((byte < SPACE && byte !== TAB) || byte === 127 ? 1 : 0));
/** `HTTP/1.` */
const VERSION = ascii('HTTP/1.');
const CONTENT_LENGTH = ascii('content-length');
const TRANSFER_ENCODING = ascii('transfer-encoding');
const CONNECTION = ascii('connection');
const CHUNKED = ascii('chunked');
const CLOSE = ascii('close');
const KEEP_ALIVE = ascii('keep-alive');

/** Index of the first control character from `from` on, `end` when there is none: so far a line goes. */
export function endOfLine(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && CONTROL[bytes[at]!] === 0) at += 1;
  return at;
}

/** Reads `HTTP/1.1 200 OK` in `bytes[from, end)`. False when it is none. This line, as those below, has no control characters. */
export function readStatusLine(head: Head, bytes: Uint8Array, { from, end }: Range): boolean {
  if (end - from < 12) return false;
  for (let index = 0; index < VERSION.length; index++) if (bytes[from + index] !== VERSION[index]) return false;
  const minor = bytes[from + 7]! - ZERO;
  if ((minor !== 0 && minor !== 1) || bytes[from + 8] !== SPACE) return false;
  let status = 0;
  for (let index = from + 9; index < from + 12; index++) {
    const digit = bytes[index]! - ZERO;
    if (digit < 0 || digit > 9) return false;
    status = status * 10 + digit;
  }
  if (status < 100 || (end > from + 12 && bytes[from + 12] !== SPACE)) return false;
  head.status = status;
  head.minor = minor;
  return true;
}

/** A stretch of a buffer; one object is used again and again, so that reading a line allocates nothing. */
export interface Range {
  from: number;
  end: number;
}

/** Reads one field line and takes over what it says about framing. Says what is wrong when it is malformed or contradicts an earlier one. */
export function readHeaderLine(head: Head, bytes: Uint8Array, range: Range): string | null {
  const { from, end } = range;
  const colon = endOfName(bytes, range);
  if (colon < 0) return BREACH.field;
  head.framing = false;
  const first = bytes[from]! | LOWER;
  if (first === CONTENT_LENGTH[0] && matches(bytes, { from, end: colon }, CONTENT_LENGTH)) {
    if (head.coded) return BREACH.both;
    return readLengths(head, bytes, { from: colon + 1, end });
  }
  if (first === TRANSFER_ENCODING[0] && matches(bytes, { from, end: colon }, TRANSFER_ENCODING)) {
    if (head.length >= 0) return BREACH.both;
    head.coded = true;
    head.framing = true;
    // `chunked` may stand only once and last; what follows it cannot be read.
    if (head.chunked) return BREACH.coding;
    eachMember(bytes, { from: colon + 1, end }, (member) => {
      head.chunked = matches(bytes, member, CHUNKED);
    });
  } else if (first === CONNECTION[0] && matches(bytes, { from, end: colon }, CONNECTION)) {
    eachMember(bytes, { from: colon + 1, end }, (member) => {
      if (matches(bytes, member, CLOSE)) head.close = true;
      else if (matches(bytes, member, KEEP_ALIVE)) head.keep = true;
    });
    head.framing = true;
  }
  return null;
}

/** A length given several times is one as long as all are the same (RFC 9112, 6.3). */
function readLengths(head: Head, bytes: Uint8Array, { from, end }: Range): string | null {
  head.framing = true;
  if (bytes[end - 1] === TAB) return BREACH.length;
  let start = from;
  for (let at = from; at <= end; at++) {
    if (at < end && bytes[at] !== COMMA) continue;
    const length = readContentLength(bytes, trimmed(bytes, start, at));
    if (length < 0) return BREACH.length;
    if (head.length >= 0 && head.length !== length) return BREACH.lengths;
    head.length = length;
    start = at + 1;
  }
  return null;
}

/** Whether a line goes on with the one before it (obs-fold: RFC 9112, 5.2). */
export function isFold(bytes: Uint8Array, { from, end }: Range): boolean {
  return end > from && (bytes[from] === SPACE || bytes[from] === TAB);
}

/** Only spaces and tabs: some take such a line for the end of the header. */
export function isBlank(bytes: Uint8Array, { from, end }: Range): boolean {
  const { from: first, end: last } = trimmed(bytes, from, end);
  return first === last;
}

/** Reads one trailer line: only its form matters. */
export function isFieldLine(bytes: Uint8Array, range: Range): boolean {
  return endOfName(bytes, range) >= 0;
}

/** Reads `1a2b;extension` and returns the size, or −1. */
export function readChunkSize(bytes: Uint8Array, { from, end }: Range): number {
  let size = 0;
  let at = from;
  for (; at < end; at++) {
    const digit = hexDigit(bytes[at]!);
    if (digit < 0) break;
    size = size * 16 + digit;
  }
  if (at === from || size > Number.MAX_SAFE_INTEGER) return -1;
  if (at === end) return size;
  return areExtensions(bytes, { from: at, end }) ? size : -1;
}

/** `;name`, `;name=value` or `;name="value"`, any number of times. */
function areExtensions(bytes: Uint8Array, { from, end }: Range): boolean {
  let at = from;
  while (at < end) {
    const name = bytes[at] === SEMICOLON ? at + 1 : end;
    at = endOfToken(bytes, name, end);
    if (at === name) return false;
    if (at === end || bytes[at] !== EQUALS) continue;
    const value = at + 1;
    if (value < end && bytes[value] === QUOTE) {
      at = value + 1;
      while (at < end && bytes[at] !== QUOTE) if (bytes[at++] === BACKSLASH) return false;
      if (at++ >= end) return false;
    } else {
      at = endOfToken(bytes, value, end);
      if (at === value) return false;
    }
  }
  return true;
}

function endOfToken(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && TOKEN[bytes[at]!] === 1) at += 1;
  return at;
}

function readContentLength(bytes: Uint8Array, { from, end }: Range): number {
  if (from === end || end - from > MAX_DIGITS) return -1;
  let length = 0;
  for (let at = from; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  return length;
}

/** Index of the colon that ends the field's name, or −1 when there is no proper name. */
function endOfName(bytes: Uint8Array, { from, end }: Range): number {
  const at = endOfToken(bytes, from, end);
  return at > from && at < end && bytes[at] === COLON ? at : -1;
}

function eachMember(bytes: Uint8Array, { from, end }: Range, visit: (member: Range) => void): void {
  let start = from;
  for (let at = from; at <= end; at++) {
    if (at < end && bytes[at] !== COMMA) continue;
    const member = trimmed(bytes, start, at);
    if (member.end > member.from) visit(member);
    start = at + 1;
  }
}

function trimmed(bytes: Uint8Array, from: number, end: number): Range {
  let first = from;
  let last = end;
  while (first < last && (bytes[first] === SPACE || bytes[first] === TAB)) first += 1;
  while (last > first && (bytes[last - 1] === SPACE || bytes[last - 1] === TAB)) last -= 1;
  return { from: first, end: last };
}

/** Compares without regard to case; `lower` is in lower case. */
function matches(bytes: Uint8Array, { from, end }: Range, lower: Uint8Array): boolean {
  if (end - from !== lower.length) return false;
  for (let index = 0; index < lower.length; index++) {
    const byte = bytes[from + index]!;
    if (byte !== lower[index] && (byte | LOWER) !== lower[index]) return false;
  }
  return true;
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= 57) return byte - ZERO;
  const lower = byte | LOWER;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function table(characters: string): Uint8Array {
  const marks = new Uint8Array(256);
  for (const byte of ascii(characters)) marks[byte] = 1;
  return marks;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
