/** Name of the cookie that holds the API's token. */
export const TOKEN_COOKIE = 'hive_token';

const DAY_SECONDS = 86_400;

/** Keeps the token in this browser, for this site only. */
export function keepToken(token: string): void {
  const secure = window.location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${TOKEN_COOKIE}=${encodeURIComponent(token)}; Path=/; Max-Age=${30 * DAY_SECONDS}; SameSite=Strict${secure}`;
}
