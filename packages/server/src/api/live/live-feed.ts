import type { Duplex } from 'node:stream';
import websocket, { type WebSocket } from '@fastify/websocket';
import { HiveError } from '@hive/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ActionsOf, Following, LiveReader } from '../../actions/actions.js';
import type { Identity } from '../../identity/identity.js';
import type { LiveTickets } from '../../identity/live-tickets.js';
import type { Principal } from '../../identity/principal.js';
import type { OnRefused } from '../access.js';
import { createAdmission, NOT_LET_IN } from './admission.js';
import { createFrames } from './frames.js';
import { serveReader } from './live-reader.js';

const HEARTBEAT_MS = 30_000;
/** A reader is asked again who they are. */
const ASK_AGAIN_MS = 60_000;
const GOING_AWAY = 1001;
const CLOSE_LIMIT_MS = 500;

const querySchema = z.object({
  /** An address ends up in logs. */
  token: z
    .undefined(
      'is not taken here: send the header Authorization, or a ticket of POST /api/live/ticket as the first message',
    )
    .optional(),
  since: z.coerce.number().int().min(0).optional(),
  target: z.string().optional(),
  session: z.string().optional(),
});

/** How long the feed waits. */
export interface FeedTimes {
  /** Between two questions who a reader is. Default: a minute. */
  askAgainMs?: number;
  /** For the ticket of whoever is not known. Default: 5 s. */
  ticketMs?: number;
}

interface Feed {
  actionsOf: ActionsOf;
  identity: Pick<Identity, 'again'>;
  liveTickets: Pick<LiveTickets, 'redeem'>;
  onRefused: OnRefused;
  times?: FeedTimes | undefined;
}

/**
 * `WS /ws/metrics`, the live feed. Readers that no longer answer, or may not read any more, are let go. Returns how many there are. To be registered before any hook
 * that refuses requests: only then a refused upgrade is closed.
 */
export async function serveLiveFeed(
  app: FastifyInstance,
  { actionsOf, identity, liveTickets, onRefused, times = {} }: Feed,
): Promise<() => number> {
  const admit = createAdmission({ liveTickets, onRefused, ticketMs: times.ticketMs });
  const frameOf = createFrames();
  const alive = new Map<WebSocket, boolean>();
  // The HTTP server forgets sockets that asked for an upgrade, and would wait for them for ever when it closes.
  const upgrading = new Set<Duplex>();
  app.server.on('upgrade', (_request, socket: Duplex) => {
    upgrading.add(socket);
    socket.once('close', () => upgrading.delete(socket));
  });
  await app.register(websocket, {
    options: { maxPayload: 1_024 },
    errorHandler: (error, socket) => {
      app.log.debug({ err: error }, 'a live connection broke');
      socket.terminate();
    },
    preClose: async () => {
      clearInterval(heartbeat);
      await Promise.all([...alive.keys()].map(sayGoodbye));
      for (const socket of upgrading) socket.destroy();
    },
  });
  const heartbeat = setInterval(() => {
    for (const [socket, answered] of alive) {
      if (!answered) socket.terminate();
      alive.set(socket, false);
      socket.ping();
    }
  }, HEARTBEAT_MS);

  app.get(
    '/ws/metrics',
    {
      websocket: true,
      preValidation: (request, _reply, done) => {
        const parsed = querySchema.safeParse(request.query);
        if (parsed.success) return done();
        const [issue] = parsed.error.issues;
        const field = issue?.path.join('.') ?? 'query';
        const problems = [{ field, in: 'query', message: issue?.message ?? 'is not valid' }];
        done(new HiveError('validation', `${field}: ${issue?.message}`, { details: { problems } }));
      },
    },
    async (socket, request) => {
      alive.set(socket, true);
      socket.on('pong', () => alive.set(socket, true));
      socket.on('close', () => alive.delete(socket));
      const actor = await admit(socket, request);
      if (actor === null) return;
      askAgain(socket, actor, { identity, ...times });
      const follow = (reader: LiveReader): Promise<Following> => actionsOf(actor).followLive(actor, reader);
      await serveReader({ socket, follow, frameOf, log: request.log }, querySchema.parse(request.query));
    },
  );
  return () => alive.size;
}

/** Closes the feed of who may not read it any more, or may read something else. A store that does not answer closes nothing. */
function askAgain(
  socket: WebSocket,
  actor: Principal,
  { identity, askAgainMs = ASK_AGAIN_MS }: Pick<Feed, 'identity'> & FeedTimes,
): void {
  const rights = rightsOf(actor);
  const ask = async (): Promise<void> => {
    const now = await identity.again(actor);
    if (now === null || rightsOf(now) !== rights) socket.close(NOT_LET_IN, 'sign in again');
  };
  const timer = setInterval(() => void ask().catch(() => undefined), askAgainMs);
  socket.once('close', () => clearInterval(timer));
}

function rightsOf({ id, permissions, targets }: Principal): string {
  return JSON.stringify([id, [...permissions].toSorted(), targets ?? null]);
}

async function sayGoodbye(socket: WebSocket): Promise<void> {
  const limit = setTimeout(() => socket.terminate(), CLOSE_LIMIT_MS);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.close(GOING_AWAY, 'the server is stopping');
  });
  clearTimeout(limit);
}
