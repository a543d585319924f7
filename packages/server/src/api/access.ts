import { HiveError, refuseHost } from '@hive/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Credentials, Identity } from '../identity/identity.js';
import { NOBODY, type Principal } from '../identity/principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the door let them in. */
    actor: Principal;
  }
}

export interface AccessRules {
  host: string;
  /** Names under which it may be called, beside localhost and addresses. */
  allowHosts: readonly string[];
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
 * Guards every route: someone who is known, where that is needed, and, for whatever changes something or opens the feed, an origin that is
 * allowed (browsers send such requests for any page, and only keep the answer from it).
 */
export function guardAccess(app: FastifyInstance, rules: AccessRules, identity: Identity): void {
  app.decorateRequest('actor');
  app.addHook('onRequest', async (request) => {
    const { url: route } = request.routeOptions;
    const { origin } = request.headers;
    if (
      origin !== undefined &&
      (request.method !== 'GET' || route === LIVE_ROUTE) &&
      !isAllowed(origin, request, rules)
    ) {
      throw new HiveError('forbidden_origin', `pages from ${origin} are not allowed to do this`);
    }
    const actor = OPEN_ROUTES.has(route) ? NOBODY : await identity.who(credentialsOf(request, route));
    if (actor === null) throw new HiveError('unauthorized', 'a token is needed');
    request.actor = actor;
  });
}

function credentialsOf({ headers, query }: FastifyRequest, route: string | undefined): Credentials {
  const { token } = query as { token?: unknown };
  const queryToken = route === LIVE_ROUTE && typeof token === 'string' ? token : undefined;
  return { authorization: headers.authorization, queryToken };
}

function isAllowed(origin: string, request: FastifyRequest, { corsOrigins, host }: AccessRules): boolean {
  if (corsOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  // The API's own pages, such as /docs.
  const { hostname, port } = new URL(origin);
  return (LOOPBACK_NAMES.has(hostname) || hostname === host) && Number(port || 80) === request.socket.localPort;
}
