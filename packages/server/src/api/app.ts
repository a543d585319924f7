import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { ActionsOf } from '../actions/actions.js';
import type { Identity } from '../identity/identity.js';
import type { LiveTickets } from '../identity/live-tickets.js';
import { guardAccess, guardHost, type AccessRules, type OnRefused } from './access.js';
import { answerErrors, answerFrameworkError, shownPath } from './error-answers.js';
import { serveLiveFeed, type FeedTimes } from './live/live-feed.js';
import { exposePrometheus } from './prometheus.js';
import { registerRoutes } from './register-routes.js';

const MOST_BODY_BYTES = 1024 * 1024;
/** A whole request must have come in by then: a body that drips is not held for ever. */
const WHOLE_REQUEST_MS = 60_000;
const MOST_ID_LENGTH = 8_192;

/** What the face of the server is made of. */
export interface Face {
  actionsOf: ActionsOf;
  identity: Identity;
  liveTickets: Pick<LiveTickets, 'redeem'>;
  /** Hears about each request that is refused at the door. */
  onRefused: OnRefused;
  feedTimes?: FeedTimes | undefined;
  rules: AccessRules;
  version: string;
  log: FastifyBaseLogger;
}

/** The whole HTTP and WebSocket face of the server, not yet listening. */
export async function buildApp({
  actionsOf,
  identity,
  liveTickets,
  onRefused,
  feedTimes,
  rules,
  version,
  log,
}: Face): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MOST_BODY_BYTES,
    forceCloseConnections: true,
    requestTimeout: WHOLE_REQUEST_MS,
    routerOptions: { maxParamLength: MOST_ID_LENGTH },
    frameworkErrors: answerFrameworkError,
  });
  answerErrors(app);
  await app.register(helmet, {
    // Plain HTTP on this machine: nothing may be upgraded to what is not served.
    hsts: false,
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        upgradeInsecureRequests: null,
      },
    },
  });
  const liveReaders = await serveLiveFeed(app, { actionsOf, identity, liveTickets, onRefused, times: feedTimes });
  // Before CORS, which answers preflights by itself.
  guardHost(app, rules);
  await app.register(cors, {
    origin: [...rules.corsOrigins],
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    credentials: true,
  });
  guardAccess(app, rules, { identity, onRefused });
  logRequests(app);
  await describe(app, version, (await identity.mode()) !== 'open');
  exposePrometheus(app, actionsOf, liveReaders);
  await app.register(async (scope) => registerRoutes(scope, actionsOf));
  await app.ready();
  return app;
}

/** Quiet about what went well; never with the query, which may hold a token. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const details = {
      method: request.method,
      path: shownPath(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      from: request.ip,
    };
    if (request.method === 'GET' && reply.statusCode < 400) request.log.debug(details, 'answered');
    else request.log.info(details, 'answered');
    done();
  });
}

async function describe(app: FastifyInstance, version: string, needsToken: boolean): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hive',
        version,
        description:
          'What can a service take, where does it break, and has that changed? The live feed is at WS /ws/metrics.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      ...(needsToken && {
        components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
        security: [{ token: [] }],
      }),
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
