import { HiveError, toTarget, type ImportedTarget, type RouteParsed } from '@hive/contract';
import {
  fromAccessLog,
  fromCurl,
  fromHar,
  fromOpenApi,
  fromPostman,
  isCurl,
  isPostman,
  isRead,
  neededNames,
  type Imported,
} from '@hive/engine';
import { demand } from '../../identity/principal.js';
import type { Verb } from '../verb.js';

/** The same file gives the same examples. */
const SEED = 1;
const HEAD = 4_096;

/**
 * Makes the description of a target from an OpenAPI document, a HAR recording, a Postman collection, a curl command or an access log. Nothing is saved, nothing is dialled.
 * Throws HiveError `validation` when the file is none of these, or has nothing that can be sent.
 */
export function importTarget(): Verb<RouteParsed<'importTarget'>['body'], ImportedTarget> {
  return async (actor, input) => {
    demand(actor, 'target.write');
    const { target, summary, notes, secrets } = await read(input);
    const { requests } = toTarget(target, 'imported');
    const writes = new Set(neededNames({ requests }));
    for (const name of neededNames({ requests: requests.filter(isRead) })) writes.delete(name);
    const toSet = secrets.map(({ name, purpose }) => {
      const when = writes.has(name) ? ', before you turn writing requests on' : '';
      return `Set ${name} in the environment of Hive${when}: ${purpose}`;
    });
    return { target, notes: [summary, ...notes, ...toSet] };
  };
}

async function read({ file, url, name = 'the file' }: RouteParsed<'importTarget'>['body']): Promise<Imported> {
  const server = url === undefined ? {} : { serverUrl: url };
  const head = file.slice(0, HEAD);
  if (/^\s*["']?(?:openapi|swagger)["']?\s*:/m.test(head) || /^\s*\{\s*"(?:openapi|swagger)"\s*:/.test(head))
    return fromOpenApi(file, { ...server, seed: SEED, fileName: name });
  if (isCurl(head)) return fromCurl(file, server);
  if (isPostman(head)) return fromPostman(file, server);
  if (/^\s*\{/.test(head) && /"log"\s*:/.test(head)) return fromHar(file, server);
  if (url === undefined) {
    throw new HiveError('validation', 'url: a log does not say where its server is', {
      hint: 'add "url" with its address, such as http://127.0.0.1:8080',
      details: { problems: [{ field: 'url', message: 'is missing' }] },
    });
  }
  return fromAccessLog(bytesOf(file), { serverUrl: url });
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
