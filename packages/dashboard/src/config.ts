/** What the dashboard is told from outside. Read while a request is answered, never while it is built. */
export interface DashboardConfig {
  /** Where this process reaches the API. */
  apiUrl: string;
  /** Where browsers reach it; null: at the page's own host name, with the port of `apiUrl`. */
  publicApiUrl: string | null;
}

/**
 * Reads the environment. An empty variable counts as absent.
 * @throws Error that names the variable whose address cannot be read.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): DashboardConfig {
  return {
    apiUrl: readAddress(env, 'HIVE_API_URL') ?? 'http://127.0.0.1:8000',
    publicApiUrl: readAddress(env, 'HIVE_PUBLIC_API_URL'),
  };
}

/**
 * The address under which a browser that asked for `pageHost` (its Host header, such as `localhost:3000`) reaches the API.
 */
export function browserApiUrl({ apiUrl, publicApiUrl }: DashboardConfig, pageHost: string | null): string {
  if (publicApiUrl !== null) return publicApiUrl;
  const page = `http://${pageHost ?? ''}`;
  if (pageHost === null || !URL.canParse(page)) return apiUrl;
  const url = new URL(apiUrl);
  url.hostname = new URL(page).hostname;
  return withoutSlash(url.href);
}

function readAddress(env: Readonly<Record<string, string | undefined>>, name: string): string | null {
  const text = env[name];
  if (!text) return null;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Error(`${name} is '${text}', but must be an address such as http://127.0.0.1:8000`);
  }
  return withoutSlash(text);
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '');
}
