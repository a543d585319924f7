import { readFileSync } from 'node:fs';
import { escapeReferences, readCurl } from '@hive/engine';
import { userOption, type RequestOptions } from './request.js';

/**
 * A pasted command of curl as the options of a command of Hive: options beside it win. Its method is the user's permission to send it.
 * @throws HiveError `validation` where it has no address, or names a file that cannot be read.
 */
export async function fromCurlCommand<Options extends RequestOptions>(
  line: string,
  options: Options,
): Promise<{ address: string; options: Options; notes: string[] }> {
  const { url, method, headers, body, user, insecure, tls, connectTo, notes } = await readCurl(line, (path) =>
    readFileSync(path === '-' ? process.stdin.fd : path),
  );
  const given = options.header ?? [];
  const named = new Set(given.map(([name]) => name.toLowerCase()));
  const own = headers.filter(([name]) => !named.has(name.toLowerCase()));
  const header = [...own.map(([name, value]): [string, string] => [name, escapeReferences(value)]), ...given];
  return {
    address: url,
    options: {
      ...options,
      header,
      ...(options.request === undefined && method !== 'GET' ? { request: method } : {}),
      ...(options.body === undefined && body !== null ? { bodyBytes: body } : {}),
      ...(options.user === undefined && user !== null ? { user: userOption(user) } : {}),
      ...(insecure ? { insecure } : {}),
      ...tls,
      ...(options.connectTo === undefined && connectTo.length > 0 ? { connectTo } : {}),
      ...pickedTls(options),
    },
    notes,
  };
}

/** Those of the command line win. */
function pickedTls({ cert, key, cacert }: RequestOptions): Pick<RequestOptions, 'cert' | 'key' | 'cacert'> {
  return {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(cacert !== undefined && { cacert }),
  };
}
