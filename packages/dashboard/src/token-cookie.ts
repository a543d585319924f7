/** Name of the cookie that holds the API's token. No script can read it. */
export const TOKEN_COOKIE = 'hive_api_token';

/** Name of the cookie that the API sets for who is signed in. */
export const SESSION_COOKIE = 'hive_session';

/** What held the token in 0.1.0, where scripts could read it: it is taken away. */
export const READABLE_COOKIE = 'hive_token';

const DAY_SECONDS = 86_400;

/** How the cookie is kept; `secure`: the page came over HTTPS. */
export function cookieOptions(secure: boolean) {
  return { httpOnly: true, sameSite: 'strict', path: '/', maxAge: 30 * DAY_SECONDS, secure } as const;
}
