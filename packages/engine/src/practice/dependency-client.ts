import { createConnection, type Socket } from 'node:net';

/** The pooled connections of one node to its dependency. */
export interface DependencyClient {
  /**
   * Makes `trips` round trips on one connection, one after another.
   * @throws Error when they are not in within the time-out, or the connection fails. Nothing is tried again.
   */
  call(trips: number): Promise<void>;
  readonly connections: number;
  close(): void;
}

interface Call {
  tripsLeft: number;
  /** What the dependency must send back. */
  expected: string;
  connection: Connection | null;
  over: boolean;
  timer: NodeJS.Timeout | undefined;
  resolve: () => void;
  reject: (error: Error) => void;
}

interface Connection {
  socket: Socket;
  call: Call | null;
  received: string;
}

/**
 * A pool of `connections`. It fills at the start; a lost connection is replaced by the next request that comes, so
 * that the pool heals as soon as the way is free again, and never tries in a loop while it is not. A connection whose answer did
 * not come in time is closed: the answer could still come, and belong to nobody.
 */
export function createDependencyClient(options: {
  host: string;
  port: number;
  connections: number;
  timeoutMs: number;
  /** Which idle connection is taken: the longest idle, or the shortest. */
  reuse: 'turn' | 'last';
}): DependencyClient {
  const { host, port, timeoutMs } = options;
  const all = new Set<Socket>();
  /** In the order in which they came to rest. */
  let idle: Connection[] = [];
  const waiting = new Set<Call>();
  let closed = false;
  let lines = 0;

  function open(): void {
    if (closed || all.size >= options.connections) return;
    const socket = createConnection({ host, port, noDelay: true });
    const connection: Connection = { socket, call: null, received: '' };
    let why = new Error('the dependency closed the connection');
    let connected = false;
    all.add(socket);
    // A link that swallows everything would else hold this place of the pool for minutes.
    const opening = setTimeout(
      () => socket.destroy(new Error('the dependency does not accept connections')),
      timeoutMs,
    );
    socket.setEncoding('latin1');
    socket.once('connect', () => {
      connected = true;
      clearTimeout(opening);
      ready(connection);
    });
    socket.on('data', (text: string) => receive(connection, text));
    socket.on('error', (error) => (why = error));
    socket.once('close', () => {
      clearTimeout(opening);
      all.delete(socket);
      idle = idle.filter((one) => one !== connection);
      if (connection.call) end(connection.call, why);
      else if (!connected) {
        const [oldest] = waiting;
        if (oldest) end(oldest, why);
      }
      if (waiting.size > 0) open();
    });
  }

  function ready(connection: Connection): void {
    connection.call = null;
    const [next] = waiting;
    if (next === undefined) {
      idle.push(connection);
      return;
    }
    waiting.delete(next);
    give(connection, next);
  }

  function give(connection: Connection, call: Call): void {
    connection.call = call;
    call.connection = connection;
    send(connection, call);
  }

  function send({ socket }: Connection, call: Call): void {
    lines += 1;
    call.expected = `trip ${lines}`;
    socket.write(`${call.expected}\n`, 'latin1');
  }

  function receive(connection: Connection, text: string): void {
    connection.received += text;
    const at = connection.received.indexOf('\n');
    if (at < 0) return;
    const line = connection.received.slice(0, at);
    connection.received = connection.received.slice(at + 1);
    const { call } = connection;
    if (call === null || line !== call.expected) {
      connection.socket.destroy(new Error('the dependency sent something else'));
      return;
    }
    call.tripsLeft -= 1;
    if (call.tripsLeft > 0) return send(connection, call);
    call.connection = null;
    end(call);
    ready(connection);
  }

  /** Ends a call, well or with an error; a connection that it still holds is of no use to anyone. */
  function end(call: Call, error?: Error): void {
    if (call.over) return;
    call.over = true;
    clearTimeout(call.timer);
    waiting.delete(call);
    if (call.connection) {
      call.connection.call = null;
      call.connection.socket.destroy();
    }
    if (error) call.reject(error);
    else call.resolve();
  }

  for (let index = 0; index < options.connections; index += 1) open();

  return {
    call: (trips) =>
      new Promise((resolve, reject) => {
        const call: Call = {
          tripsLeft: trips,
          expected: '',
          connection: null,
          over: false,
          timer: undefined,
          resolve,
          reject,
        };
        call.timer = setTimeout(() => end(call, new Error('the dependency did not answer in time')), timeoutMs);
        const connection = options.reuse === 'last' ? idle.pop() : idle.shift();
        if (connection) give(connection, call);
        else waiting.add(call);
        open();
      }),
    get connections() {
      return all.size;
    },
    close() {
      closed = true;
      for (const call of waiting) end(call, new Error('the practice target ends'));
      for (const socket of all) socket.destroy();
    },
  };
}
