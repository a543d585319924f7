import type { TargetInput } from '@hive/contract';
import { referencesIn } from '../safety/secrets.js';
import { withoutBodySecrets } from './hiding/hidden-body.js';
import { withoutHeaderSecrets } from './hiding/hidden-header.js';
import { never, withoutSecrets, type IsNone } from './hiding/hidden-path.js';
import { toPath } from './traffic-target.js';

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** One request as a person wrote it down, in a collection or a command. */
interface WrittenRequest {
  method: string;
  url: URL;
  headers: readonly [name: string, value: string][];
  body: Buffer | null;
}

/** The request without what is secret in its path, headers and body. Null where a body of bytes has a secret in it, which cannot be hidden. */
export function hiddenRequest(
  { method, url, headers, body }: WrittenRequest,
  isNone: IsNone = never,
): Omit<RequestInput, 'name'> | null {
  const { path } = withoutSecrets(toPath(url.pathname + url.search) ?? '/', isNone);
  const shown: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (/[^\x20-\x7e]/.test(value)) continue;
    shown[name.toLowerCase()] = withoutHeaderSecrets(name, value, isNone).value;
  }
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const written = body === null ? {} : bodyOf(body, { type, isNone });
  return written === null
    ? null
    : { method, path, ...(Object.keys(shown).length > 0 ? { headers: shown } : {}), ...written, weight: 1 };
}

function bodyOf(
  body: Buffer,
  { type, isNone }: { type: string; isNone: IsNone },
): Pick<RequestInput, 'body' | 'bodyBase64'> | null {
  const text = body.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(body) && !text.includes('\0'))
    return { body: withoutBodySecrets(text, type, isNone).body };
  const { names } = withoutBodySecrets(body.toString('latin1'), type, isNone);
  return names.length > 0 ? null : { bodyBase64: body.toString('base64') };
}

/** Names of what was hidden. */
export function hiddenNames(requests: readonly Omit<RequestInput, 'name'>[]): string[] {
  return requests
    .flatMap(({ path = '', headers = {}, body = '' }) => [path, body, ...Object.values(headers).flat()])
    .flatMap(referencesIn)
    .flatMap(({ name, fallback }) => (fallback === null ? [] : [name]));
}
