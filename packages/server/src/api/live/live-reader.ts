import type { WebSocket } from '@fastify/websocket';
import type { Following, LiveReader } from '../../actions/actions.js';
import type { Log } from '../../log.js';
import { gapFrame, helloFrame, type Frame } from './frames.js';
import { createOutbox, type Waiting } from './outbox.js';
import { asText } from './texts.js';

export interface LiveQuery {
  since?: number | undefined;
  target?: string | undefined;
  session?: string | undefined;
}

/** A reader that has just connected, and the feed as it may follow it. */
interface Connection {
  socket: WebSocket;
  follow(reader: LiveReader): Promise<Following>;
  /** Makes the frame of a message, once for all readers. */
  frameOf(seq: number, body: string): Frame;
  log: Pick<Log, 'debug'>;
}

/** What may lie unsent in a socket before its reader counts as slow, bytes. */
const MOST_BUFFERED = 64 * 1024;
const CLOSE_LIMIT_MS = 1_000;
const TRY_AGAIN_LATER = 1013;
const AS_TEXT = { binary: false };

/** Serves one reader of the feed until it goes: `hello`, what it asked to be replayed, then what comes. */
export async function serveReader({ socket, follow, frameOf, log }: Connection, query: LiveQuery): Promise<void> {
  const outbox = createOutbox(gapFrame);
  // What was asked to be replayed is owed whole; the bus bounds it.
  const replay: Frame[] = [];
  let greeted = false;
  let gone = false;
  let leave = async (): Promise<void> => undefined;

  const mayTake = (): boolean =>
    greeted && !gone && socket.readyState === socket.OPEN && socket.bufferedAmount < MOST_BUFFERED;
  const pump = (): void => {
    while (mayTake()) {
      const frame = replay.shift() ?? outbox.take();
      if (frame === null) return;
      socket.send(frame, AS_TEXT, pump);
    }
  };
  const push = (message: Waiting): void => {
    if (gone) return;
    if (!greeted) return void replay.push(message.frame);
    outbox.push(message);
    if (outbox.hopeless) giveUp();
    else pump();
  };
  const giveUp = (): void => {
    gone = true;
    socket.close(TRY_AGAIN_LATER, 'too slow: reload and connect again');
    setTimeout(() => socket.terminate(), CLOSE_LIMIT_MS).unref();
  };

  socket.on('close', () => {
    gone = true;
    leave().catch((error: unknown) => log.debug({ err: error }, 'a subscription could not be closed'));
  });
  socket.on('message', (data, isBinary) => {
    if (!isBinary && socket.bufferedAmount < MOST_BUFFERED && asText(data) === 'ping') socket.send('pong');
  });

  const { version, newest, status, close } = await follow({
    since: query.since,
    onMessage(seq, { type, target, session, scenario }, body) {
      if (isOther(query.target, target) || isOther(query.session, session)) return;
      push({ seq, frame: frameOf(seq, body), windowOf: type.startsWith('window') ? `${type} ${scenario}` : null });
    },
    onGap: (from, to) => push({ seq: to, frame: gapFrame(from, to), windowOf: null }),
  });
  leave = close;
  if (gone) return leave();
  socket.send(helloFrame(newest, { version, status }));
  greeted = true;
  pump();
}

/** What names no target or session concerns everyone. */
function isOther(wanted: string | undefined, actual: string | null): boolean {
  return wanted !== undefined && actual !== null && actual !== wanted;
}
