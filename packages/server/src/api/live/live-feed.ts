import type { Duplex } from 'node:stream';
import websocket, { type WebSocket } from '@fastify/websocket';
import { HiveError } from '@hive/contract';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Actions, Following, LiveReader } from '../../actions/actions.js';
import { createFrames } from './frames.js';
import { serveReader } from './live-reader.js';

const HEARTBEAT_MS = 30_000;
const GOING_AWAY = 1001;
const CLOSE_LIMIT_MS = 500;

const querySchema = z.object({
  since: z.coerce.number().int().min(0).optional(),
  target: z.string().optional(),
  session: z.string().optional(),
});

/**
 * `WS /ws/metrics`, the live feed. Readers that no longer answer are let go. Returns how many there are. To be registered before any hook
 * that refuses requests: only then a refused upgrade is closed.
 */
export async function serveLiveFeed(app: FastifyInstance, followLive: Actions['followLive']): Promise<() => number> {
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
      const { actor, log } = request;
      const follow = (reader: LiveReader): Promise<Following> => followLive(actor, reader);
      await serveReader({ socket, follow, frameOf, log }, querySchema.parse(request.query));
    },
  );
  return () => alive.size;
}

async function sayGoodbye(socket: WebSocket): Promise<void> {
  const limit = setTimeout(() => socket.terminate(), CLOSE_LIMIT_MS);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.close(GOING_AWAY, 'the server is stopping');
  });
  clearTimeout(limit);
}
