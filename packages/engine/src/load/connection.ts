import type { Hash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ErrorKind } from '@hive/contract';
import { cryptography } from '../built-in.js';
import { Begin } from '../http1/begin.js';
import { problemOfBody } from '../http1/body-check.js';
import { dial, isSecure, socketCodeOf } from '../http1/dial.js';
import type { Message } from '../http1/messages.js';
import type { ResolvedNode } from '../http1/nodes.js';
import { cacheMark, ReadHeaders, RECEIVED_DIGEST, wantedHeaders } from '../http1/read-headers.js';
import { ResponseParser } from '../http1/response-parser.js';
import type { TokenLines } from '../http1/tokens.js';
import type { ErrorDetail, Exchange, LoadOrder } from '../measuring.js';
import { errorKindOf, isLocal, statusErrorOf } from './error-kinds.js';

/** Bytes of one TLS record (RFC 8446, 5.1). */
const TLS_RECORD = 16_384;

/**
 * The request has left, as far as can be known: an answer before that is the target's refusal to read on. TLS says later than the answer that
 * a record was written, on a busy machine; what fits in one went in one piece.
 */
function isSent(unwritten: number, node: ResolvedNode): boolean {
  return unwritten === 0 || (isSecure(node) && unwritten <= TLS_RECORD);
}

/** Whom a connection tells. Every request begun on it ends in exactly one of `answered`, `failed`, `refusedLocally`, or the owner's `abandon`. */
export interface ConnectionOwner {
  /** ms on the run's time line. */
  now(): number;
  /** The request has left, or the target refused it. Not called when this machine refused. */
  sent(connection: Connection): void;
  /** `error`: the status is not acceptable. Look at `isOpen` to see whether the connection can carry another request. */
  answered(connection: Connection, error: ErrorKind | null): void;
  /** The connection is closed; the request was sent. */
  failed(connection: Connection, error: ErrorKind): void;
  /** This machine could not even dial; the request was not sent. */
  refusedLocally(connection: Connection, error: ErrorKind): void;
  /** It closed while idle. */
  closedIdle(connection: Connection): void;
}

export interface ConnectionOptions {
  owner: ConnectionOwner;
  node: ResolvedNode;
  nodeIndex: number;
  insecure: boolean;
  readHeaders: LoadOrder['readHeaders'] | undefined;
  /** The lines of tokens; null: no request has one. */
  tokens: TokenLines | null;
  /** It closes after this many requests. */
  mostRequests: number;
}

type State = 'dialling' | 'busy' | 'idle' | 'closed';

/** One read buffer for all connections of a thread: libuv fills it and the parser is done with it before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** Of an answer that went wrong, no more than this is told. */
const MOST_TOLD_BYTES = 300;

/** One HTTP/1.1 connection that carries one request at a time. It dials when the first request begins. */
export class Connection implements ErrorDetail {
  /** The request in flight. */
  readonly exchange: Exchange;
  /** Neighbors in the list of requests in flight, oldest first; kept by the deadlines. */
  older: Connection | null = null;
  newer: Connection | null = null;
  /** Free for its owner: a place in a pool, a client of a closed model. */
  slot = 0;
  /** It was open once. */
  wasConnected = false;
  /** Of the newest request that went wrong. */
  code = '';
  private cause: string | null = null;
  /** Where in the read buffer lies what came; valid in the turn in which it is noticed. */
  private cameFrom = 0;
  private cameEnd = 0;
  private state: State = 'dialling';
  private socket: Socket | null = null;
  private readonly parser = new ResponseParser();
  private message: Message | null = null;
  private key = 0;
  private answers = 0;
  private tokenLine = '';
  private hash: Hash | null = null;
  /** The beginning of the body, where it is to be looked at. */
  private beginning: Begin | null = null;
  /** When the answer's header was whole, where its end came later. */
  private headMs = NaN;

  constructor(private readonly options: ConnectionOptions) {
    this.exchange = {
      node: options.nodeIndex,
      requestClass: 0,
      intendedMs: 0,
      lateMs: 0,
      startMs: 0,
      connectedMs: NaN,
      securedMs: NaN,
      firstByteMs: NaN,
      bytesIn: 0,
      bytesOut: 0,
      status: 0,
      detail: this,
      cache: null,
      servedBy: null,
    };
  }

  /** It can carry another request. */
  get isOpen(): boolean {
    return this.state === 'idle';
  }

  get isDialling(): boolean {
    return this.state === 'dialling';
  }

  /** Begins a request; the caller has filled in the exchange. Dials when there is no connection yet. */
  begin(message: Message, key: number): void {
    this.message = message;
    this.key = key;
    const { exchange } = this;
    exchange.connectedMs = NaN;
    exchange.securedMs = NaN;
    exchange.firstByteMs = NaN;
    this.headMs = NaN;
    exchange.bytesIn = 0;
    exchange.bytesOut = message.bytes + (message.after === null ? 0 : String(key).length);
    if (message.authorized) {
      this.tokenLine = this.options.tokens?.next() ?? '';
      exchange.bytesOut += this.tokenLine.length;
    }
    this.parser.reset(message.head);
    if (message.whole !== null || message.check !== null || this.options.readHeaders !== undefined) this.look(message);
    if (this.socket === null) this.dial();
    else this.write();
  }

  inWords(): string | null {
    return this.cause;
  }

  came(): string | null {
    const { cameFrom, cameEnd } = this;
    if (cameEnd <= cameFrom) return null;
    return READ_BUFFER.toString('utf8', cameFrom, Math.min(cameEnd, cameFrom + MOST_TOLD_BYTES));
  }

  /** Makes ready to look into the answer, which most requests need not. */
  private look({ whole, check }: Message): void {
    const { parser } = this;
    parser.headers ??= new ReadHeaders(wantedHeaders(this.options.readHeaders, true));
    parser.headers.clear();
    this.hash = whole === null ? null : cryptography().createHash('sha256');
    if (check !== null) (this.beginning ??= new Begin()).clear();
    const { hash } = this;
    const begin = check === null ? null : this.beginning;
    if (hash === null && begin === null) return;
    parser.onBody = (bytes, from, end) => {
      hash?.update(bytes.subarray(from, end));
      begin?.add(bytes, from, end);
    };
  }

  /** Closes at once and tells nobody. */
  abandon(): void {
    this.state = 'closed';
    this.socket?.destroy();
  }

  private dial(): void {
    const { node, insecure } = this.options;
    const onread = { buffer: READ_BUFFER, callback: (length: number) => this.read(length) };
    const secure = isSecure(node);
    try {
      this.socket = dial(node, { insecure, onread });
    } catch (error) {
      // Some failures of this machine are thrown and not told; the owner must not hear of them inside its own call.
      process.nextTick(() => this.lost(error as NodeJS.ErrnoException));
      return;
    }
    const { owner } = this.options;
    this.socket.once('connect', () => {
      this.exchange.connectedMs = owner.now();
      if (!secure) this.opened();
    });
    if (secure) {
      this.socket.once('secureConnect', () => {
        this.exchange.securedMs = owner.now();
        this.opened();
      });
    }
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.lost(error));
    this.socket.once('end', () => this.ended());
    this.socket.once('close', () => this.ended());
  }

  private opened(): void {
    this.wasConnected = true;
    if (this.state === 'dialling') this.write();
  }

  private write(): void {
    const { socket, message } = this;
    if (socket === null || message === null) return;
    this.state = 'busy';
    this.options.owner.sent(this);
    if (message.authorized) return this.writeAuthorized(socket, message);
    if (message.after === null) {
      if (typeof message.before === 'string') socket.write(message.before, 'latin1');
      else socket.write(message.before);
      if (message.body !== null) socket.write(message.body);
    } else {
      const head = `${message.before as string}${this.key}${message.after}`;
      if (message.body === null) socket.write(head, 'latin1');
      else socket.write(Buffer.concat([Buffer.from(head, 'latin1'), message.body]));
    }
  }

  private writeAuthorized(socket: Socket, { before, after, body }: Message): void {
    const keyed = after === null ? '' : `${this.key}${after}`;
    const head = `${before as string}${keyed}${this.tokenLine}\r\n`;
    if (body === null) socket.write(head, 'latin1');
    else socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
  }

  private read(length: number): boolean {
    if (this.state !== 'busy') {
      // Nothing was asked: what comes belongs to no request, and what follows could not be told apart.
      if (this.state === 'idle') this.closeIdle();
      return true;
    }
    const { parser } = this;
    const taken = parser.feed(READ_BUFFER, length);
    this.exchange.bytesIn += taken;
    if (parser.done) this.complete(taken === length);
    else if (parser.failed) {
      this.say(parser.reason, null);
      // What went before is gone where the answer came in pieces.
      this.cameEnd = this.exchange.bytesIn === taken ? length : 0;
      this.lose(parser.failure);
    } else if (Number.isNaN(this.exchange.firstByteMs) && parser.status !== 0) this.begun(parser.bodyBytes > 0);
    return true;
  }

  /** The header is whole, and more is to come. */
  private begun(withBody: boolean): void {
    if (withBody) this.exchange.firstByteMs = this.options.owner.now();
    else if (Number.isNaN(this.headMs)) this.headMs = this.options.owner.now();
  }

  /** The answer is whole. `clean`: nothing came after it; `late`: it is known only now, after what was read last. */
  private complete(clean: boolean, late = false): void {
    const { parser, socket } = this;
    const { expect, closes } = this.message as Message;
    this.answers += 1;
    const reusable =
      clean &&
      parser.reusable &&
      this.answers < this.options.mostRequests &&
      !closes &&
      socket !== null &&
      isSent(socket.writableLength, this.options.node) &&
      !socket.destroyed;
    this.state = reusable ? 'idle' : 'closed';
    if (!reusable) socket?.destroy();
    const { status } = parser;
    this.exchange.status = status;
    this.cameFrom = parser.bodyFrom;
    this.cameEnd = late ? 0 : parser.bodyEnd;
    if (parser.bodyBytes === 0) this.exchange.firstByteMs = this.headMs;
    const good = expect === null ? status < 400 : expect.has(status);
    if (parser.headers !== null) this.heed(parser.headers);
    this.options.owner.answered(this, good ? this.errorOfBody() : statusErrorOf(status));
  }

  private errorOfBody(): 'wrong_body' | null {
    const check = this.message?.check ?? null;
    const problem = check === null ? null : problemOfBody(check, this.beginning!.bytes, this.parser.bodyBytes);
    if (problem === null && this.isWhole()) return null;
    this.code = 'wrong_body';
    this.cause = problem;
    return 'wrong_body';
  }

  private heed(headers: ReadHeaders): void {
    const { cache, node } = this.options.readHeaders ?? {};
    this.exchange.cache = cache === undefined ? null : cacheMark(headers, cache);
    this.exchange.servedBy = node === undefined ? null : headers.value(node.toLowerCase());
  }

  /** The body has the length that was asked for and the digest that it claims to have (RFC 9530). */
  private isWhole(): boolean {
    const { parser, hash } = this;
    const whole = this.message?.whole ?? null;
    if (whole === null || hash === null) return true;
    this.hash = null;
    if (whole.bytes !== null && parser.bodyBytes !== whole.bytes) return false;
    const received = this.digestIn(RECEIVED_DIGEST);
    if (whole.received !== null && received !== null && received !== whole.received) return false;
    const claimed = this.digestIn('content-digest') ?? this.digestIn('repr-digest');
    return claimed === null || claimed === hash.digest('base64');
  }

  private digestIn(header: string): string | null {
    const value = this.parser.headers?.value(header) ?? null;
    return value === null ? null : (/sha-256=:([^:]*):/.exec(value)?.[1] ?? null);
  }

  private ended(): void {
    if (this.state === 'idle') this.closeIdle();
    else if (this.state === 'dialling') {
      this.say('CLOSED', null);
      this.lose(isSecure(this.options.node) ? 'tls' : 'closed');
    } else if (this.state === 'busy') {
      if (this.parser.finish()) return this.complete(false, true);
      this.say(this.parser.untouched ? 'CLOSED' : 'CLOSED_EARLY', null);
      this.lose('closed');
    }
  }

  /** What went wrong, without what came. */
  private say(code: string, cause: string | null): void {
    this.code = code;
    this.cause = cause;
    this.cameFrom = 0;
    this.cameEnd = 0;
  }

  private lost(error: NodeJS.ErrnoException): void {
    if (this.state === 'idle') return this.closeIdle();
    if (this.state === 'closed') return;
    this.say(socketCodeOf(error), error.message);
    this.lose(
      errorKindOf(error, this.state === 'busy' ? 'open' : Number.isNaN(this.exchange.connectedMs) ? 'connect' : 'tls'),
    );
  }

  private lose(kind: ErrorKind): void {
    const dialling = this.state === 'dialling';
    this.state = 'closed';
    this.socket?.destroy();
    const { owner } = this.options;
    if (dialling && isLocal(kind)) return owner.refusedLocally(this, kind);
    if (dialling) owner.sent(this);
    owner.failed(this, kind);
  }

  private closeIdle(): void {
    this.state = 'closed';
    this.socket?.destroy();
    this.options.owner.closedIdle(this);
  }
}
