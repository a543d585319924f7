import { HiveError, refuseHost, ROUTES } from '@hive/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Credentials, Identity } from '../identity/identity.js';
import { NOBODY, type Origin, type Principal } from '../identity/principal.js';
import { sessionCookieIn } from './cookies.js';
import { shownPath } from './error-answers.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the door let them in. */
    actor: Principal;
  }
}

/** Hears about a request that was refused: method and path, without a query. */
export type OnRefused = (refusal: { request: string; origin: Origin; error: HiveError }) => void;

interface Door {
  identity: Identity;
  onRefused: OnRefused;
}

export interface AccessRules {
  host: string;
  /** Names under which it may be called, beside localhost and addresses. */
  allowHosts: readonly string[];
  /** Pages of these origins may call. */
  corsOrigins: readonly string[];
}

/** They say whether it runs, to anyone, also when nobody can be looked up. By the path they were registered with: it can be spelled in many ways. */
const UNASKED_ROUTES: ReadonlySet<string | undefined> = new Set([ROUTES.service.path, ROUTES.health.path]);
/** What anyone may do, known or not. */
const OPEN_ROUTES: ReadonlySet<string> = new Set(
  Object.entries(ROUTES).flatMap(([name, { permission }]) => (permission === null ? [name] : [])),
);
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
export function guardAccess(app: FastifyInstance, rules: AccessRules, door: Door): void {
  const { identity, onRefused } = door;
  app.decorateRequest('actor');
  const letIn = async (request: FastifyRequest): Promise<void> => {
    const { url: route } = request.routeOptions;
    const { origin } = request.headers;
    const mustSayOrigin = request.method !== 'GET' || route === LIVE_ROUTE;
    if (origin !== undefined && mustSayOrigin && !isAllowed(origin, request, rules)) {
      throw new HiveError('forbidden_origin', `pages from ${origin} are not allowed to do this`);
    }
    const actor = UNASKED_ROUTES.has(route) ? NOBODY : await whoAsks(request, identity);
    if (actor.proof?.type === 'session' && origin === undefined && mustSayOrigin) {
      const what = route === LIVE_ROUTE ? 'follows the live feed' : 'changes something';
      throw new HiveError('forbidden_origin', `a request with a cookie that ${what} must say its origin`, {
        hint: 'programs use a token: send the header Authorization',
      });
    }
    request.actor = { ...actor, origin: originOf(request) };
  };
  app.addHook('onRequest', async (request) => {
    try {
      await letIn(request);
    } catch (error) {
      if (error instanceof HiveError && error.status < 500) {
        onRefused({ request: `${request.method} ${shownPath(request)}`, origin: originOf(request), error });
      }
      throw error;
    }
  });
}

function originOf({ ip, headers }: FastifyRequest): Origin {
  return { address: ip, agent: headers['user-agent'] ?? null };
}

/** @throws HiveError `unauthorized` for nobody, where somebody is needed. */
async function whoAsks(request: FastifyRequest, identity: Identity): Promise<Principal> {
  const { url, config } = request.routeOptions;
  const isOpen = OPEN_ROUTES.has(config.route ?? '');
  const actor = await identity.who(credentialsOf(request)).catch((error: unknown) => {
    if (isOpen && error instanceof HiveError && error.code === 'unauthorized') return null;
    throw error;
  });
  if (actor !== null) return actor;
  // A browser that opens the feed may show a ticket once it is open.
  if (isOpen || (url === LIVE_ROUTE && request.ws)) return NOBODY;
  const mode = await identity.mode();
  if (mode === 'token') throw new HiveError('unauthorized', 'a token is needed');
  throw new HiveError('unauthorized', 'nobody is signed in', {
    details: { mode },
    hint: 'sign in at the dashboard, or send the header Authorization: Bearer <token>',
  });
}

function credentialsOf(request: FastifyRequest): Credentials {
  const { headers, ip } = request;
  return {
    authorization: headers.authorization,
    cookie: sessionCookieIn(request),
    address: ip,
    forwarded: Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-')),
  };
}

function isAllowed(origin: string, request: FastifyRequest, { corsOrigins, host }: AccessRules): boolean {
  if (corsOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  // The API's own pages, such as /docs.
  const { hostname, port } = new URL(origin);
  return (LOOPBACK_NAMES.has(hostname) || hostname === host) && Number(port || 80) === request.socket.localPort;
}
