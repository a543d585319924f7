import { randomBytes } from 'node:crypto';
import { refuseHost } from '@hive/contract';
import { NextResponse, type NextRequest } from 'next/server';
import { browserApiUrl, readConfig } from './config';
import { contentPolicy } from './content-policy';
import { READABLE_COOKIE } from './token-cookie';

const POLICY_HEADER = 'content-security-policy';

/** Runs before everything the dashboard answers: its page shows what the API knows, so it is for the same hosts. */
export function proxy(request: NextRequest): Response {
  const config = readConfig();
  const host = request.headers.get('host');
  const refusal = refuseHost(host, config.allowHosts);
  if (refusal !== null) {
    return new Response(`${refusal.message}\n${refusal.hint}\n`, {
      status: refusal.status,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  }
  const nonce = randomBytes(16).toString('base64');
  const policy = contentPolicy({ nonce, apiUrl: browserApiUrl(config, host) });
  const headers = new Headers(request.headers);
  // Next reads the nonce for its own scripts in the policy, the layout here.
  headers.set(POLICY_HEADER, policy);
  headers.set('x-nonce', nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set(POLICY_HEADER, policy);
  if (request.cookies.has(READABLE_COOKIE)) response.cookies.delete(READABLE_COOKIE);
  return response;
}
