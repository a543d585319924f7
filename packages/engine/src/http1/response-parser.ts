import type { ReadHeaders } from './read-headers.js';
import {
  BREACH,
  endOfLine,
  isBlank,
  isFieldLine,
  isFold,
  readChunkSize,
  readHeaderLine,
  readStatusLine,
  type Head,
} from './response-lines.js';

/** Header block or one chunk's line or trailers longer than this: the answer counts as `too_large`. */
export const MAX_HEADER_BYTES = 64 * 1024;
const TOO_LARGE = `its header, trailer or a chunk's line is larger than ${MAX_HEADER_BYTES / 1024} KiB, the most that Hive reads`;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

const STATUS_LINE = 0;
const HEADER_LINE = 1;
const BODY_OF_LENGTH = 2;
const BODY_UNTIL_CLOSE = 3;
const CHUNK_LINE = 4;
const CHUNK_DATA = 5;
const CHUNK_END = 6;
const TRAILER_LINE = 7;
const DONE = 8;
const FAILED = 9;

/**
 * Parses one HTTP/1.x answer after another from bytes that may be split anywhere. Lines are read in place when they are whole in one
 * read, and gathered in a small buffer when they are not. Takes what RFC 9112 lets a client take: lengths that are given twice and agree,
 * folded lines, lines that end with a bare line feed. Strict where leniency would let an answer be read in two ways.
 */
export class ResponseParser {
  status = 0;
  /** The connection can carry another request after this answer. */
  reusable = false;
  /** Why parsing failed: a breach of the protocol, or a header beyond the limit. */
  failure: 'protocol' | 'too_large' = 'protocol';
  /** The same in words. */
  reason: string = BREACH.status;
  /** Bytes of the body so far, without its framing. */
  bodyBytes = 0;
  /** Where the first bytes of the body lie in what was fed last; the end is 0: it had none. */
  bodyFrom = 0;
  bodyEnd = 0;
  /** Headers whose values are kept; null: none. */
  headers: ReadHeaders | null = null;
  /** Is given the body's bytes as they come, `bytes[from, end)`; null: nobody is. */
  onBody: ((bytes: Uint8Array, from: number, end: number) => void) | null = null;
  private state = STATUS_LINE;
  private noBody = false;
  private leftBytes = 0;
  private headerBytes = 0;
  private readonly head: Head = {
    status: 0,
    minor: 1,
    length: -1,
    chunked: false,
    coded: false,
    close: false,
    keep: false,
    framing: false,
  };
  private readonly range = { from: 0, end: 0 };
  private carried = new Uint8Array(256);
  private carriedBytes = 0;
  /** The line's CR was read, and its LF is to come. */
  private returned = false;
  /** The line that is read ends with a bare line feed, as the status line did, the line before, and any line at all. */
  private bare = false;
  private bareStatus = false;
  private bareBefore = false;
  private bareAny = false;
  /** There is a field line to be folded. */
  private hasField = false;

  /** Makes ready for the next answer. `noBody`: it answers a HEAD request. */
  reset(noBody: boolean): void {
    this.state = STATUS_LINE;
    this.noBody = noBody;
    this.status = 0;
    this.failure = 'protocol';
    this.headerBytes = 0;
    this.carriedBytes = 0;
    this.returned = false;
    this.bodyBytes = 0;
    this.onBody = null;
    this.bareAny = false;
    this.resetHead();
  }

  get done(): boolean {
    return this.state === DONE;
  }

  get failed(): boolean {
    return this.state === FAILED;
  }

  /** True when no byte of the answer was seen yet. */
  get untouched(): boolean {
    return this.state === STATUS_LINE && this.carriedBytes === 0 && this.headerBytes === 0;
  }

  /** Reads `bytes[0, end)` and returns how many of them belong to this answer. Look at `done` and `failed` after. */
  feed(bytes: Uint8Array, end: number): number {
    let at = 0;
    this.bodyEnd = 0;
    while (at < end && this.state < DONE) {
      switch (this.state) {
        case BODY_OF_LENGTH:
        case CHUNK_DATA: {
          const taken = Math.min(this.leftBytes, end - at);
          this.body(bytes, at, at + taken);
          at += taken;
          this.leftBytes -= taken;
          if (this.leftBytes === 0) this.state = this.state === CHUNK_DATA ? CHUNK_END : DONE;
          break;
        }
        case BODY_UNTIL_CLOSE:
          this.body(bytes, at, end);
          at = end;
          break;
        default:
          at = this.feedLine(bytes, at, end);
      }
    }
    return at;
  }

  /** The peer has closed. True when that ends the answer as it should. */
  finish(): boolean {
    if (this.state === BODY_UNTIL_CLOSE) this.state = DONE;
    return this.state === DONE;
  }

  private body(bytes: Uint8Array, from: number, end: number): void {
    this.bodyBytes += end - from;
    if (this.bodyEnd === 0) {
      this.bodyFrom = from;
      this.bodyEnd = end;
    }
    if (this.onBody !== null) this.onBody(bytes, from, end);
  }

  /** Lines end with CR LF, those of a header also with a bare LF; any other control character is a breach. */
  private feedLine(bytes: Uint8Array, from: number, end: number): number {
    const lineEnd = this.returned ? from : endOfLine(bytes, from, end);
    let at = lineEnd;
    if (at < end && !this.returned) {
      this.bare = bytes[at] === LINE_FEED && this.state <= HEADER_LINE;
      if (!this.bare) {
        if (bytes[at] !== CARRIAGE_RETURN) return this.fail(this.breachOfLine(), at);
        this.returned = true;
        at += 1;
      }
    }
    this.headerBytes += at - from;
    if (this.headerBytes > MAX_HEADER_BYTES) {
      this.failure = 'too_large';
      return this.fail(TOO_LARGE, at);
    }
    if (at === end) {
      this.carry(bytes, from, lineEnd);
      return end;
    }
    if (bytes[at] !== LINE_FEED) return this.fail(this.breachOfLine(), at);
    this.headerBytes += 1;
    this.returned = false;
    if (this.carriedBytes > 0) {
      this.carry(bytes, from, lineEnd);
      const length = this.carriedBytes;
      this.carriedBytes = 0;
      this.line(this.carried, 0, length);
    } else {
      this.line(bytes, from, lineEnd);
    }
    return at + 1;
  }

  private carry(bytes: Uint8Array, from: number, end: number): void {
    const needed = this.carriedBytes + end - from;
    if (needed > this.carried.length) {
      const larger = new Uint8Array(Math.max(needed, this.carried.length * 2));
      larger.set(this.carried.subarray(0, this.carriedBytes));
      this.carried = larger;
    }
    this.carried.set(bytes.subarray(from, end), this.carriedBytes);
    this.carriedBytes = needed;
  }

  /** One whole line, `bytes[from, end)`. */
  private line(bytes: Uint8Array, from: number, end: number): void {
    const { range } = this;
    range.from = from;
    range.end = end;
    switch (this.state) {
      case STATUS_LINE:
        if (readStatusLine(this.head, bytes, range)) this.state = HEADER_LINE;
        else this.fail(BREACH.status, 0);
        this.bareStatus = this.bare;
        this.bareBefore = this.bare;
        this.hasField = false;
        this.bareAny ||= this.bare;
        break;
      case HEADER_LINE:
        this.headerLine(bytes);
        break;
      case CHUNK_LINE: {
        const size = readChunkSize(bytes, range);
        if (size < 0) return void this.fail(BREACH.chunk, 0);
        this.leftBytes = size;
        this.headerBytes = 0;
        this.state = size === 0 ? TRAILER_LINE : CHUNK_DATA;
        break;
      }
      case CHUNK_END:
        if (end === from) this.state = CHUNK_LINE;
        else this.fail(BREACH.chunk, 0);
        this.headerBytes = 0;
        break;
      default:
        if (end === from) this.state = DONE;
        else if (!isFieldLine(bytes, range)) this.fail(BREACH.trailer, 0);
    }
  }

  /** One line of the header, in `range`. */
  private headerLine(bytes: Uint8Array): void {
    const { range, head, headers } = this;
    const isEnd = range.end === range.from;
    if (!isEnd && isFold(bytes, range)) {
      if (!this.hasField || head.framing || isBlank(bytes, range)) return void this.fail(BREACH.folded, 0);
      headers?.extend(bytes, range);
    } else if (!isEnd) {
      const breach = readHeaderLine(head, bytes, range);
      if (breach !== null) return void this.fail(breach, 0);
      this.hasField = true;
      headers?.take(bytes, range);
    }
    // Among lines that end with CR LF, who knows only those may read a line after a bare line feed as part of the one before it.
    if (!this.bareStatus && (isEnd ? this.bare : head.framing && (this.bare || this.bareBefore)))
      return void this.fail(BREACH.lineFeed, 0);
    this.bareBefore = this.bare;
    this.bareAny ||= this.bare;
    if (isEnd) this.endHead();
  }

  private breachOfLine(): string {
    if (this.state === STATUS_LINE) return BREACH.status;
    if (this.state === HEADER_LINE) return BREACH.control;
    return this.state === TRAILER_LINE ? BREACH.trailer : BREACH.chunk;
  }

  /** The header is whole: what body follows (RFC 9112, 6.3)? */
  private endHead(): void {
    const { head } = this;
    this.headerBytes = 0;
    if (head.status < 200) {
      if (head.status === 101) return void this.fail(BREACH.upgrade, 0);
      this.state = STATUS_LINE;
      this.resetHead();
      return;
    }
    this.status = head.status;
    this.reusable = (head.minor === 0 ? head.keep && !head.close : !head.close) && !this.bareAny;
    if (this.noBody || head.status === 204 || head.status === 304) this.state = DONE;
    else if (head.chunked) this.state = CHUNK_LINE;
    else if (head.coded || head.length < 0) {
      this.state = BODY_UNTIL_CLOSE;
      this.reusable = false;
    } else {
      this.leftBytes = head.length;
      this.state = head.length === 0 ? DONE : BODY_OF_LENGTH;
    }
  }

  private resetHead(): void {
    const { head } = this;
    this.headers?.clear();
    head.status = 0;
    head.length = -1;
    head.chunked = false;
    head.coded = false;
    head.close = false;
    head.keep = false;
    head.framing = false;
  }

  private fail(reason: string, at: number): number {
    this.reason = reason;
    this.state = FAILED;
    return at;
  }
}
