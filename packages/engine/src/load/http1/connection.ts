import type { Hash } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import type { ErrorKind } from '@hive/contract';
import { cryptography, tls } from '../../built-in.js';
import type { Exchange, LoadOrder } from '../../measuring.js';
import { errorKindOf, isLocal, statusErrorOf } from '../error-kinds.js';
import type { Message } from './messages.js';
import type { ResolvedNode } from '../nodes.js';
import { cacheMark, ReadHeaders, RECEIVED_DIGEST, wantedHeaders } from './read-headers.js';
import { ResponseParser } from './response-parser.js';

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
}

type State = 'dialling' | 'busy' | 'idle' | 'closed';

/** One read buffer for all connections of a thread: libuv fills it and the parser is done with it before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** One HTTP/1.1 connection that carries one request at a time. It dials when the first request begins. */
export class Connection {
  /** The request in flight. */
  readonly exchange: Exchange;
  /** Neighbors in the list of requests in flight, oldest first; kept by the deadlines. */
  older: Connection | null = null;
  newer: Connection | null = null;
  /** Free for its owner: a place in a pool, a client of a closed model. */
  slot = 0;
  /** It was open once. */
  wasConnected = false;
  private state: State = 'dialling';
  private socket: Socket | null = null;
  private readonly parser = new ResponseParser();
  private message: Message | null = null;
  private key = 0;
  private hash: Hash | null = null;

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
    exchange.bytesIn = 0;
    exchange.bytesOut = message.bytes + (message.after === null ? 0 : String(key).length);
    this.parser.reset(message.head);
    if (message.whole !== null || this.options.readHeaders !== undefined) this.look(message);
    if (this.socket === null) this.dial();
    else this.write();
  }

  /** Makes ready to look into the answer, which most requests need not. */
  private look({ whole }: Message): void {
    const { parser } = this;
    parser.headers ??= new ReadHeaders(wantedHeaders(this.options.readHeaders, true));
    parser.headers.clear();
    if (whole === null) return;
    const hash = cryptography().createHash('sha256');
    this.hash = hash;
    parser.onBody = (bytes, from, end) => void hash.update(bytes.subarray(from, end));
  }

  /** Closes at once and tells nobody. */
  abandon(): void {
    this.state = 'closed';
    this.socket?.destroy();
  }

  private dial(): void {
    const { node, insecure } = this.options;
    const where = {
      ...node.place,
      noDelay: true,
      onread: { buffer: READ_BUFFER, callback: (length: number) => this.read(length) },
    };
    const secure = node.tlsName !== null;
    try {
      this.socket = secure
        ? tls().connect({
            ...where,
            ...serverName(node),
            rejectUnauthorized: !insecure,
            ALPNProtocols: ['http/1.1'],
          })
        : connectTcp(where);
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
    else if (parser.failed) this.lose(parser.failure);
    else if (Number.isNaN(this.exchange.firstByteMs)) this.exchange.firstByteMs = this.options.owner.now();
    return true;
  }

  /** The answer is whole. `clean`: nothing came after it. */
  private complete(clean: boolean): void {
    const { parser, socket } = this;
    const { expect } = this.message as Message;
    const reusable = clean && parser.reusable && socket !== null && socket.writableLength === 0 && !socket.destroyed;
    this.state = reusable ? 'idle' : 'closed';
    if (!reusable) socket?.destroy();
    const { status } = parser;
    const good = expect === null ? status < 400 : expect.has(status);
    if (parser.headers !== null) this.heed(parser.headers);
    this.options.owner.answered(this, good ? (this.isWhole() ? null : 'wrong_body') : statusErrorOf(status));
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
    else if (this.state === 'dialling') this.lose(this.options.node.tlsName === null ? 'closed' : 'tls');
    else if (this.state === 'busy') {
      if (this.parser.finish()) this.complete(false);
      else this.lose('closed');
    }
  }

  private lost(error: NodeJS.ErrnoException): void {
    if (this.state === 'idle') return this.closeIdle();
    if (this.state === 'closed') return;
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

/** An address may not be sent as a server's name (RFC 6066, 3), but is verified all the same: as the host, where a socket is dialled. */
function serverName({ tlsName, place }: ResolvedNode): { servername?: string; host?: string } {
  const name = tlsName as string;
  if (!/^[\d.]+$|:/.test(name)) return { servername: name };
  return 'path' in place ? { host: name } : {};
}
