import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_COOKIE } from '../identity/identity.js';
import type { CookieChange } from './answers.js';

const WEEK_SECONDS = 7 * 86_400;

/** The cookie of the session that a request shows. */
export function sessionCookieIn({ headers }: FastifyRequest): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === SESSION_COOKIE) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Sets the cookie as an answer wants it: no script reads it, and no page elsewhere sends it with what changes something. */
export function setSessionCookie(reply: FastifyReply, change: CookieChange): void {
  const { request } = reply;
  // Who asks with a token has none to be extended.
  if (change === 'extended' && request.actor.proof?.type !== 'session') return;
  const value = change === 'removed' ? '' : change === 'extended' ? sessionCookieIn(request) : change.value;
  const seconds = change === 'removed' ? 0 : WEEK_SECONDS;
  const secure = request.headers.origin?.startsWith('https:') === true ? '; Secure' : '';
  reply.header('set-cookie', `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`);
}
