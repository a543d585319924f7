import { HiveError, type TargetInput } from '@hive/contract';
import { count, counted, createNames, MOST_REQUESTS, type Imported } from '../imported.js';
import { isMapping, plainText, type Mapping } from '../mapping.js';
import { encode } from '../openapi/parameters.js';
import { isRead, isSendable, optionalSecrets, readsFirst } from '../traffic-target.js';
import { hiddenNames, hiddenRequest } from '../written-request.js';
import { authOf, type Auth } from './auth.js';
import { bodyOf } from './body.js';
import { createVariables, isVariable, type Variables } from './variables.js';

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** A request of a collection, with what its folders say. */
interface Item {
  name: string;
  request: Mapping;
  variables: Variables;
  /** From the request outwards. */
  auths: unknown[];
}

interface Ready {
  item: Item;
  url: URL;
  auth: Auth;
}

/**
 * Makes a target of a Postman collection (2.0 or 2.1): one request for each of its requests, with the variables and the authentication of
 * their folders. What is secret is a name of the environment. Scripts are not run.
 * @throws HiveError `validation` where it is none, or nothing can be sent.
 */
export function fromPostman(text: string, { serverUrl }: { serverUrl?: string } = {}): Imported {
  const collection = readCollection(text);
  const items = itemsOf(collection);
  const leftOut: string[] = [];
  const ready = items.flatMap((item): Ready[] => {
    const auth = authOf(item.auths);
    const url = addressOf(item, serverUrl);
    if (typeof url !== 'string') return [{ item, url, auth }];
    leftOut.push(`Left out: ${item.name}: ${url}`);
    return [];
  });
  const origin = serverUrl === undefined ? mainOrigin(ready) : new URL(serverUrl).origin;
  const nameFor = createNames();
  const notes = new Set<string>();
  const secrets = new Map<string, string>();
  const requests = ready.flatMap((one): (RequestInput & { name: string })[] => {
    const made =
      one.url.origin === origin || serverUrl !== undefined ? requestOf(one, notes) : `it is sent to ${one.url.origin}`;
    if (typeof made === 'string') {
      leftOut.push(`Left out: ${one.item.name}: ${made}`);
      return [];
    }
    for (const { name, purpose } of one.auth.secrets) secrets.set(name, purpose);
    return [{ name: nameFor(one.item.name), ...made }];
  });
  const kept = readsFirst(requests);
  if (kept.length === 0) throw nothing(items.length, leftOut);
  if (kept.length < requests.length)
    leftOut.push(
      `Left out: ${counted(requests.length - kept.length, 'request')}; a target has at most ${MOST_REQUESTS}, and reading requests come first`,
    );
  for (const name of items[0]?.variables.needed ?? [])
    if (!secrets.has(name)) secrets.set(name, 'a variable of the collection');
  const writes = kept.filter(({ method }) => !isRead(method ?? 'GET')).length;
  const used = new Set(
    kept.flatMap(textsOf).flatMap((one) => [...one.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)),
  );
  return {
    target: { url: serverUrl ?? origin, requests: kept },
    summary: `${counted(kept.length, 'request')} from ${counted(items.length, 'request')} of the collection`,
    notes: [
      ...leftOut,
      ...notes,
      ...(writes > 0 ? [`Not sent until safety.allowWrites is on: ${counted(writes, 'writing request')}`] : []),
      ...(hasScripts(collection)
        ? ['Scripts of the collection are not run: what they set is a variable of the environment']
        : []),
    ],
    secrets: [
      ...[...secrets].filter(([name]) => used.has(name)).map(([name, purpose]) => ({ name, purpose })),
      ...optionalSecrets(hiddenNames(kept)),
    ],
    comments: {},
  };
}

const textsOf = ({ path = '', body = '', headers = {} }: RequestInput): string[] => [
  path,
  body,
  ...Object.values(headers).flat(),
];

function readCollection(text: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new HiveError('validation', `the collection is not valid JSON: ${(cause as Error).message}`, {
      hint: 'export it again from Postman',
      cause,
    });
  }
  const collection = isMapping(value) && isMapping(value['collection']) ? value['collection'] : value;
  if (isMapping(collection) && Array.isArray(collection['item'])) return collection;
  throw new HiveError('validation', 'the file is no Postman collection: it has no item', {
    hint: 'export it from Postman as Collection v2.1',
  });
}

const DEEPEST = 50;

/** Every request, folder by folder. */
function itemsOf(collection: Mapping): Item[] {
  const found: Item[] = [];
  const visit = (
    list: unknown,
    { variables, auths, depth }: { variables: Variables; auths: unknown[]; depth: number },
  ): void => {
    for (const one of Array.isArray(list) && depth < DEEPEST ? (list as unknown[]) : []) {
      if (!isMapping(one)) continue;
      const own = variables.with(one['variable']);
      const { request, name } = one;
      const title = typeof name === 'string' && name.trim() !== '' ? name.trim() : `request ${found.length + 1}`;
      if (Array.isArray(one['item']))
        visit(one['item'], { variables: own, auths: [one['auth'], ...auths], depth: depth + 1 });
      else if (typeof request === 'string')
        found.push({ name: title, request: { url: request }, variables: own, auths });
      else if (isMapping(request))
        found.push({ name: title, request, variables: own, auths: [request['auth'], ...auths] });
    }
  };
  visit(collection['item'], {
    variables: createVariables(collection['variable']),
    auths: [collection['auth']],
    depth: 0,
  });
  return found;
}

/** The address of a request; why it has none. A host that only the environment knows gives way to `serverUrl`. */
function addressOf({ request, variables }: Item, serverUrl: string | undefined): URL | string {
  const { url } = request;
  const raw = typeof url === 'string' ? url : isMapping(url) ? rawOf(url) : '';
  if (raw.trim() === '') return 'it has no address';
  const listed = isMapping(url) ? url['variable'] : undefined;
  const withParts = withPathVariables(raw, listed, variables);
  const [address, query] = splitAt(withParts, '?');
  const pairs =
    isMapping(url) && Array.isArray(url['query'])
      ? queryOf(url['query'], variables)
      : query === undefined
        ? ''
        : variables.fill(query.split('#')[0] ?? '');
  let filled = variables.fill(address.trim());
  if (/^hivevar\d+x(?=\/|$)/.test(filled)) {
    if (serverUrl === undefined)
      return `its host is the variable ${/^\s*\{\{([^{}]*)/.exec(raw)?.[1] ?? ''}, which has no value: give --url`;
    filled = `${new URL(serverUrl).origin}${filled.replace(/^hivevar\d+x/, '')}`;
  }
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(filled) ? filled : `http://${filled}`;
  if (!URL.canParse(text)) return `its address cannot be read: ${text.slice(0, 100)}`;
  const found = new URL(text);
  found.search = pairs;
  found.hash = '';
  return found.protocol === 'http:' || found.protocol === 'https:' ? found : `it is sent by ${found.protocol}`;
}

function rawOf({ raw, protocol, host, path, port }: Mapping): string {
  if (typeof raw === 'string' && raw !== '') return raw;
  const joined = (value: unknown, by: string): string =>
    Array.isArray(value)
      ? value.map((one: unknown) => plainText(isMapping(one) ? one['value'] : one)).join(by)
      : typeof value === 'string'
        ? value
        : '';
  const start = typeof protocol === 'string' ? `${protocol}://` : '';
  return `${start}${joined(host, '.')}${plainText(port) === '' ? '' : `:${plainText(port)}`}/${joined(path, '/').replace(/^\//, '')}`;
}

function splitAt(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** `/users/:id` */
function withPathVariables(raw: string, list: unknown, variables: Variables): string {
  const values = new Map(
    (Array.isArray(list) ? (list as unknown[]) : [])
      .filter(isMapping)
      .map(({ key, id, value }) => [String(key ?? id), value] as const),
  );
  return raw.replace(/\/:([A-Za-z_][\w-]*)/g, (_, name: string) => {
    const value = values.get(name);
    const text = variables.fill(typeof value === 'string' || typeof value === 'number' ? String(value) : '');
    return `/${text === '' ? '1' : encode(text)}`;
  });
}

function queryOf(list: readonly unknown[], { fill }: Variables): string {
  return list
    .filter(isMapping)
    .filter(({ disabled, key }) => disabled !== true && typeof key === 'string' && key !== '')
    .map(({ key, value }) => {
      const text = (one: unknown): string => asQuery(fill(plainText(one)));
      return value === null || value === undefined ? text(key) : `${text(key)}=${text(value)}`;
    })
    .join('&');
}

const asQuery = (text: string): string => (/%[0-9a-f]{2}/i.test(text) ? text.replace(/[&#\s]/g, encode) : encode(text));

function mainOrigin(ready: readonly Ready[]): string {
  const origins = new Map<string, number>();
  for (const { url } of ready) count(origins, url.origin);
  return [...origins].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** These are the business of the connection, or of Postman. */
const OWN: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'postman-token',
  'user-agent',
  'accept-encoding',
]);

/** The request as it is sent; why it cannot be. */
function requestOf({ item, url, auth }: Ready, notes: Set<string>): Omit<RequestInput, 'name'> | string {
  const { variables, request } = item;
  const method = (typeof request['method'] === 'string' ? request['method'] : 'GET').toUpperCase();
  if (!isSendable(method)) return `${method.slice(0, 20)} cannot be sent`;
  const body = bodyOf(request['body'], variables);
  const headers = headersOf(request['header'], variables);
  if (body.type !== null && (!headers.some(([name]) => name === 'content-type') || body.type.startsWith('multipart/')))
    headers.splice(0, headers.length, ...headers.filter(([name]) => name !== 'content-type'), [
      'content-type',
      body.type,
    ]);
  const bytes = body.text === null ? null : Buffer.from(body.text);
  const made = hiddenRequest({ method, url, headers, body: bytes }, isVariable);
  if (made === null) return 'its body cannot be read';
  for (const file of body.missing)
    notes.add(`${item.name}: the collection lacks the content of ${file}: a small file is sent`);
  if (auth.unserved !== null)
    notes.add(`${item.name}: the authentication ${auth.unserved} is not a header: add what it needs`);
  const own = Object.fromEntries(
    Object.entries(made.headers ?? {}).map(([name, value]) => [name, variables.finished(String(value))]),
  );
  const all = { ...own, ...Object.fromEntries(auth.headers.map(([name, value]) => [name.toLowerCase(), value])) };
  const path = variables.finished(made.path ?? '/');
  const query = auth.query.join('&');
  return {
    ...made,
    path: query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`,
    ...(Object.keys(all).length > 0 ? { headers: all } : {}),
    ...(made.body === undefined ? {} : { body: variables.finished(made.body) }),
  };
}

/** A list, or in 2.0 also a text of lines. */
function headersOf(given: unknown, variables: Variables): [string, string][] {
  const list: unknown[] =
    typeof given === 'string' ? given.split(/\r?\n/).map(lineOf) : Array.isArray(given) ? given : [];
  return list.flatMap((one): [string, string][] => {
    const header = typeof one === 'string' ? lineOf(one) : one;
    if (!isMapping(header) || header['disabled'] === true) return [];
    const { key, value } = header;
    if (typeof key !== 'string' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key) || OWN.has(key.toLowerCase())) return [];
    return [[key.toLowerCase(), variables.fill(typeof value === 'string' ? value : '')]];
  });
}

function lineOf(line: string): Mapping {
  const [key, value = ''] = splitAt(line, ':');
  return { key: key.trim(), value: value.trim() };
}

function hasScripts(node: Mapping, depth = 0): boolean {
  if (Array.isArray(node['event']) && node['event'].length > 0) return true;
  const items: unknown[] = Array.isArray(node['item']) && depth < DEEPEST ? node['item'] : [];
  return items.some((one) => isMapping(one) && hasScripts(one, depth + 1));
}

function nothing(items: number, leftOut: readonly string[]): HiveError {
  if (items === 0)
    return new HiveError('validation', 'the collection has no requests', { hint: 'export one with requests' });
  const message = `none of the ${counted(items, 'request')} of the collection can be sent: ${leftOut.slice(0, 5).join('; ')}`;
  return new HiveError('validation', message, {
    hint: 'give the address with --url',
    details: { notes: [...leftOut] },
  });
}
