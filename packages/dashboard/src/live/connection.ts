import { readLiveMessage, type LiveMessage } from '@hive/contract';

export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** What is used of a WebSocket. */
export interface Socket {
  send(text: string): void;
  /** Afterwards nothing more is heard of it. */
  close(): void;
}

export interface SocketListener {
  onOpen?(): void;
  onText(text: string): void;
  onClose(): void;
}

export interface ConnectionOptions {
  /** The address to open now; it carries `since` where something is known. */
  url(): string;
  open(url: string, listener: SocketListener): Socket;
  onMessage(message: LiveMessage): void;
  /** `heardAtMs`: when anything was last heard, or it was begun. */
  onState(state: ConnectionState, heardAtMs: number): void;
  /** An attempt failed, or a connection was lost; a browser does not say why. */
  onFailure(): void;
  /** 0–1, for the jitter. */
  random?: () => number;
}

export interface Connection {
  /** Tries at once, such as when the network is back. */
  retry(): void;
  close(): void;
}

const PING_EVERY_MS = 1_000;
/** Pings in a row without any sign of life after which what is shown is old. Counted, not timed: a hidden page's timers are slowed. */
const SILENT_AFTER = 2;
/** After as many, the other side is gone. */
const MOST_UNANSWERED = 10;
/** An attempt that did not come to a `hello` by then has failed. */
const GREETING_LIMIT_MS = 8_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** Failures in a row after which the screen says offline. It goes on trying. */
const OFFLINE_AFTER = 4;

/** How long to wait before an attempt: doubling, at most 10 s, half of it random so that readers do not come back in step. */
export function backoffMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
  return full / 2 + (full / 2) * random;
}

/** Keeps one live connection until it is closed. It is `live` only from the server's `hello` on, and while the server is heard. */
export function keepConnection(options: ConnectionOptions): Connection {
  const random = options.random ?? Math.random;
  let socket: Socket | null = null;
  let state: ConnectionState = 'connecting';
  let failures = 0;
  let unanswered = 0;
  let heardAtMs = Date.now();
  /** The open connection has greeted. */
  let greeted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const say = (next: ConnectionState): void => {
    if (next === state) return;
    state = next;
    options.onState(next, heardAtMs);
  };

  const connect = (): void => {
    clearTimeout(timer);
    const mine = options.open(options.url(), {
      onText: (text) => hear(mine, text),
      onClose: () => drop(mine),
    });
    socket = mine;
    timer = setTimeout(() => drop(mine), GREETING_LIMIT_MS);
  };

  const hear = (mine: Socket, text: string): void => {
    if (socket !== mine) return;
    unanswered = 0;
    heardAtMs = Date.now();
    // It had only been silent.
    if (greeted) say('live');
    const message = readLiveMessage(text);
    if (message === null) return;
    options.onMessage(message);
    if (message.type !== 'hello') return;
    failures = 0;
    greeted = true;
    say('live');
    clearTimeout(timer);
    timer = setTimeout(() => beat(mine), PING_EVERY_MS);
  };

  const beat = (mine: Socket): void => {
    if (unanswered >= MOST_UNANSWERED) return drop(mine);
    if (unanswered >= SILENT_AFTER) say('reconnecting');
    unanswered += 1;
    mine.send('ping');
    timer = setTimeout(() => beat(mine), PING_EVERY_MS);
  };

  const drop = (mine: Socket): void => {
    if (socket !== mine) return;
    release();
    failures += 1;
    say(failures >= OFFLINE_AFTER ? 'offline' : 'reconnecting');
    timer = setTimeout(connect, backoffMs(failures, random()));
    options.onFailure();
  };

  const release = (): void => {
    clearTimeout(timer);
    greeted = false;
    const mine = socket;
    socket = null;
    mine?.close();
  };

  connect();
  return {
    retry() {
      if (closed || state === 'live') return;
      release();
      connect();
    },
    close() {
      closed = true;
      release();
    },
  };
}

/** Opens a WebSocket of the browser. */
export function openWebSocket(url: string, { onOpen, onText, onClose }: SocketListener): Socket {
  const socket = new WebSocket(url);
  const listening = new AbortController();
  const { signal } = listening;
  socket.addEventListener('open', () => onOpen?.(), { signal });
  socket.addEventListener('close', () => onClose(), { signal });
  socket.addEventListener(
    'message',
    (event: MessageEvent<unknown>) => {
      if (typeof event.data === 'string') onText(event.data);
    },
    { signal },
  );
  return {
    send: (text) => socket.send(text),
    close() {
      listening.abort();
      socket.close();
    },
  };
}
