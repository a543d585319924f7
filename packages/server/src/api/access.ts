import { createHash, timingSafeEqual } from 'node:crypto';
import { HiveError, refuseHost } from '@hive/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface AccessRules {
  host: string;
  /** Names under which it may be called, beside localhost and addresses. */
  allowHosts: readonly string[];
  /** Null: no token is needed. */
  token: string | null;
  /** Pages of these origins may call. */
  corsOrigins: readonly string[];
}

/** Routes by the path they were registered with: a caller can spell a path in many ways that all lead to one route. */
const OPEN_ROUTES: ReadonlySet<string | undefined> = new Set(['/', '/api/health']);
const LIVE_ROUTE = '/ws/metrics';
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Refuses, on every route and before anything else answers, requests for a host that is not ours. */
export function guardHost(app: FastifyInstance, { allowHosts }: AccessRules): void {
  app.addHook('onRequest', (request, _reply, done) => {
    done(refuseHost(request.headers.host, allowHosts) ?? undefined);
  });
}

/**
 * Guards every route: a token where one is set, and, for whatever changes something or opens the feed, an origin that is allowed (browsers
 * send such requests for any page, and only keep the answer from it).
 */
export function guardAccess(app: FastifyInstance, rules: AccessRules): void {
  const digest = rules.token === null ? null : sha256(rules.token);
  app.addHook('onRequest', (request, _reply, done) => {
    const { url: route } = request.routeOptions;
    const { origin } = request.headers;
    if (
      origin !== undefined &&
      (request.method !== 'GET' || route === LIVE_ROUTE) &&
      !isAllowed(origin, request, rules)
    ) {
      return done(new HiveError('forbidden_origin', `pages from ${origin} may not do this`));
    }
    if (digest === null || OPEN_ROUTES.has(route)) return done();
    const given = givenToken(request, route);
    if (given !== null && timingSafeEqual(sha256(given), digest)) return done();
    done(new HiveError('unauthorized', given === null ? 'a token is needed' : 'the token is wrong'));
  });
}

function givenToken(request: FastifyRequest, route: string | undefined): string | null {
  const header = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '');
  if (header) return header[1] as string;
  const { token } = request.query as { token?: unknown };
  return route === LIVE_ROUTE && typeof token === 'string' ? token : null;
}

function isAllowed(origin: string, request: FastifyRequest, { corsOrigins, host }: AccessRules): boolean {
  if (corsOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  // The API's own pages, such as /docs.
  const { hostname, port } = new URL(origin);
  return (LOOPBACK_NAMES.has(hostname) || hostname === host) && Number(port || 80) === request.socket.localPort;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
