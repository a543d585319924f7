import { cookies } from 'next/headers';
import { cookieOptions, TOKEN_COOKIE } from '../../token-cookie';

/**
 * Keeps the token in a cookie that no script can read. A page of another origin cannot ask for it: browsers ask first whether they may PUT, and
 * nothing here says so.
 */
export async function PUT(request: Request): Promise<Response> {
  const body = (await request.json().catch(() => null)) as { token?: unknown } | null;
  const token = body?.token;
  if (typeof token !== 'string' || !/^\S+$/.test(token)) {
    return new Response('send {"token": "…"}, without spaces in it\n', { status: 400 });
  }
  const isSecure = request.headers.get('origin')?.startsWith('https:') === true;
  (await cookies()).set(TOKEN_COOKIE, token, cookieOptions(isSecure));
  return new Response(null, { status: 204 });
}
