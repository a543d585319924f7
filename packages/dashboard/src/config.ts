import { isHostName } from '@hive/contract';

/** What the dashboard is told from outside. Read while a request is answered, never while it is built. */
export interface DashboardConfig {
  /** Where this process reaches the API. */
  apiUrl: string;
  /** Where browsers reach it; null: at the page's own host name, with the port of `apiUrl`. */
  publicApiUrl: string | null;
  /** Names under which its pages may be asked for, beside localhost and addresses. */
  allowHosts: readonly string[];
}

/** What the build puts into the code in place of these names. */
export const BUILT = {
  /** Hash of the styles that the toasts put into the page by themselves; next.config.mjs reads them from their package. */
  toastStyle: process.env['TOAST_STYLE_HASH'],
  isDevelopment: process.env.NODE_ENV === 'development',
};

/**
 * Reads the environment. An empty variable counts as absent.
 * @throws Error that names the variable whose value cannot be read.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): DashboardConfig {
  return {
    apiUrl: readAddress(env, 'HIVE_API_URL') ?? 'http://127.0.0.1:8000',
    publicApiUrl: readAddress(env, 'HIVE_PUBLIC_API_URL'),
    allowHosts: readHosts(env, 'HIVE_ALLOW_HOSTS'),
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

function readHosts(env: Readonly<Record<string, string | undefined>>, name: string): string[] {
  const hosts = (env[name] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const wrong = hosts.find((host) => !isHostName(host));
  if (wrong === undefined) return hosts;
  throw new Error(`${name} has '${wrong}', but must be host names such as hive.example.org, divided by commas`);
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '');
}
