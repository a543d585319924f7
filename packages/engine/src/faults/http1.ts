/** A piece of an HTTP/1 stream. `raw` is what could not be read as HTTP and is to be left alone. */
export type HttpPart =
  | { type: 'head'; bytes: Buffer; startLine: string; last: boolean }
  | { type: 'body'; bytes: Buffer; last: boolean }
  | { type: 'raw'; bytes: Buffer };

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const MAX_HEAD_BYTES = 64 * 1024;
const START_LINE = { request: /^[A-Z]{3,16} \S/, response: /^HTTP\/1\.[01] \d/ };

type Body = { kind: 'length'; left: number } | { kind: 'chunked'; step: 'size' | 'data' | 'trailer'; left: number };

/**
 * Cuts one direction of an HTTP/1 connection into heads and bodies (RFC 9112). Every byte comes out again, in order. It falls
 * into step at any chunk that begins like a message: so it may be joined to a stream under way, and an answer to HEAD, whose
 * announced body never comes, is seen to be over when the next answer begins.
 */
export class Http1Cutter {
  #kept: Buffer = Buffer.alloc(0);
  #body: Body | null = null;
  #bodyBegun = false;
  #raw = false;

  constructor(private readonly direction: 'request' | 'response') {}

  /** Bytes of an unfinished head or chunk line, which have not come out yet. */
  takeKept(): Buffer {
    const kept = this.#kept;
    this.#kept = Buffer.alloc(0);
    return kept;
  }

  cut(chunk: Buffer): HttpPart[] {
    if (this.#raw) return [{ type: 'raw', bytes: chunk }];
    const bodyMissing = this.direction === 'response' && !this.#bodyBegun && this.#begins(chunk);
    if (bodyMissing && this.#kept.length === 0) this.#body = null;
    let rest = this.#kept.length > 0 ? Buffer.concat([this.takeKept(), chunk]) : chunk;
    const parts: HttpPart[] = [];
    while (rest.length > 0) {
      const part = this.#body ? this.#cutBody(rest, this.#body) : this.#cutHead(rest);
      if (!part) {
        this.#kept = Buffer.from(rest);
        break;
      }
      parts.push(part);
      rest = rest.subarray(part.bytes.length);
    }
    return parts;
  }

  #begins(bytes: Buffer): boolean {
    return START_LINE[this.direction].test(bytes.toString('latin1', 0, 32));
  }

  #cutHead(bytes: Buffer): HttpPart | null {
    const end = bytes.indexOf(HEAD_END);
    if (end < 0 && bytes.length < 32 && !bytes.includes(LINE_END)) return null;
    if (!this.#begins(bytes) || (end < 0 && bytes.length > MAX_HEAD_BYTES)) return { type: 'raw', bytes };
    if (end < 0) return null;
    const head = bytes.subarray(0, end + HEAD_END.length);
    const [startLine = '', ...lines] = head.toString('latin1').split('\r\n');
    this.#body = this.#bodyAfter(startLine, lines);
    this.#bodyBegun = false;
    return { type: 'head', bytes: head, startLine, last: this.#body === null };
  }

  #bodyAfter(startLine: string, lines: string[]): Body | null {
    const header = (name: string): string | undefined =>
      lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1);
    const status = this.direction === 'response' ? Number(startLine.slice(9, 12)) : null;
    if (status === 101) this.#raw = true;
    if (status !== null && (status < 200 || status === 204 || status === 304)) return null;
    if (header('transfer-encoding')?.toLowerCase().includes('chunked'))
      return { kind: 'chunked', step: 'size', left: 0 };
    const length = header('content-length');
    if (length !== undefined) return Number(length) > 0 ? { kind: 'length', left: Number(length) } : null;
    // An answer without a length lasts until the connection closes.
    return status === null ? null : { kind: 'length', left: Infinity };
  }

  #cutBody(bytes: Buffer, body: Body): HttpPart | null {
    this.#bodyBegun = true;
    if (body.kind === 'length' || body.step === 'data') return this.#counted(bytes, body);
    const lineEnd = bytes.indexOf(LINE_END);
    if (lineEnd < 0) return null;
    const line = bytes.subarray(0, lineEnd + LINE_END.length);
    if (body.step === 'size') {
      const size = Number.parseInt(line.toString('latin1'), 16);
      // The data of a chunk is followed by an empty line's end.
      Object.assign(body, size > 0 ? { step: 'data', left: size + LINE_END.length } : { step: 'trailer' });
      return { type: 'body', bytes: line, last: false };
    }
    const last = lineEnd === 0;
    if (last) this.#body = null;
    return { type: 'body', bytes: line, last };
  }

  #counted(bytes: Buffer, body: Body): HttpPart {
    const taken = bytes.subarray(0, Math.min(bytes.length, body.left));
    body.left -= taken.length;
    const over = body.left === 0;
    if (over && body.kind === 'chunked') body.step = 'size';
    const last = over && body.kind === 'length';
    if (last) this.#body = null;
    return { type: 'body', bytes: taken, last };
  }
}
