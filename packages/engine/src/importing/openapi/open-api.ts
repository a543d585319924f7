import { HiveError, type TargetInput } from '@hive/contract';
import { counted, createNames, MOST_REQUESTS, type Imported } from '../imported.js';
import { isMapping, type Mapping } from '../mapping.js';
import { readApiDocument, type ApiDocument } from './document.js';
import { createExamples } from './examples.js';
import { requestFor, type Operation } from './request.js';
import { isRead } from '../traffic-target.js';

export interface OpenApiOptions {
  /** Takes the place of the document's servers; needed where these are relative. */
  serverUrl?: string;
  /** As it is shown in messages. */
  fileName?: string;
  /** The same seed gives the same examples. */
  seed: number;
}

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** As they are written in a path item; TRACE echoes credentials and is never sent. */
const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'];

/**
 * Makes a target of an OpenAPI document (3.0 or 3.1, YAML or JSON): one request for each operation, with parameters and a body
 * that its schemas accept. Credentials become `${NAME_TOKEN}`. What writes is there too, and off until `safety.allowWrites`.
 * @throws HiveError `validation`: no such document, references that leave it, a relative server without `serverUrl`.
 */
export async function fromOpenApi(
  text: string,
  { serverUrl, seed, fileName = 'the OpenAPI document' }: OpenApiOptions,
): Promise<Imported> {
  const document = await readApiDocument(text, fileName);
  const url = serverOf(document.root, serverUrl);
  const examples = await createExamples(document, seed);
  const operations = operationsOf(document);
  const nameFor = createNames();
  const secrets = new Map<string, string>();
  const notes = new Set<string>();
  const comments: Record<string, string> = {};
  const requests: RequestInput[] = [];
  for (const operation of operations) {
    const title = `${operation.method} ${operation.path}`;
    const elsewhere = ownServer(operation, { url, serverUrl });
    if (elsewhere !== null) {
      notes.add(`Left out: ${title} is served at ${elsewhere}`);
      continue;
    }
    const made = requestFor(operation, { document, examples });
    if ('impossible' in made) {
      notes.add(`Left out: ${title}: ${made.impossible}`);
      continue;
    }
    const name = nameFor(wishFor(operation));
    requests.push({ name, ...made.request, weight: 1 });
    for (const { name: variable, purpose } of made.secrets) secrets.set(variable, purpose);
    for (const scheme of made.unserved)
      notes.add(`The security scheme ${scheme} does not use a header: add what it needs`);
    const comment = commentOf(operation.operation);
    if (comment !== null) comments[name] = comment;
  }
  const kept = fitting(requests);
  if (kept.length === 0) throw nothing(operations.length, [...notes]);
  return {
    target: { url, requests: kept },
    summary: `${counted(kept.length, 'request')} from ${counted(operations.length, 'operation')}`,
    notes: [...notes, ...general(requests, kept, document)],
    secrets: [...secrets].map(([name, purpose]) => ({ name, purpose })),
    comments,
  };
}

function general(
  requests: readonly RequestInput[],
  kept: readonly RequestInput[],
  { warnings }: ApiDocument,
): string[] {
  const writes = kept.filter(({ method }) => !isRead(method ?? 'GET')).length;
  const dropped = requests.length - kept.length;
  return [
    ...(dropped > 0
      ? [
          `Left out: ${counted(dropped, 'request')}; a target has at most ${MOST_REQUESTS}, and reading requests come first`,
        ]
      : []),
    ...(writes > 0 ? [`Not sent until safety.allowWrites is on: ${counted(writes, 'writing request')}`] : []),
    ...warnings.slice(0, 5).map((warning) => `Problem in the document: ${warning}`),
    'Values are valid examples, not your data: if the service does not know an id it answers 404, which counts as an error',
  ];
}

function operationsOf({ root, follow }: ApiDocument): Operation[] {
  const { paths } = root;
  if (!isMapping(paths)) return [];
  return Object.entries(paths).flatMap(([path, written]) => {
    const item = follow(written);
    if (!path.startsWith('/') || !isMapping(item)) return [];
    return METHODS.flatMap((method): Operation[] => {
      const operation = item[method];
      return isMapping(operation) ? [{ method: method.toUpperCase(), path, item, operation }] : [];
    });
  });
}

function wishFor({ method, path, operation }: Operation): string {
  const { operationId } = operation;
  return typeof operationId === 'string' && operationId.trim() !== '' ? operationId : `${method.toLowerCase()}${path}`;
}

function commentOf({ summary, deprecated }: Mapping): string | null {
  const text = typeof summary === 'string' ? summary.replace(/\s+/g, ' ').trim().slice(0, 100) : '';
  const parts = [...(text === '' ? [] : [text]), ...(deprecated === true ? ['deprecated'] : [])];
  return parts.length === 0 ? null : parts.join('; ');
}

/** Those that read come first when there are more than a target may have; the order stays. */
function fitting(requests: RequestInput[]): RequestInput[] {
  if (requests.length <= MOST_REQUESTS) return requests;
  const ranked = [...requests].sort((a, b) => Number(!isRead(a.method ?? 'GET')) - Number(!isRead(b.method ?? 'GET')));
  const kept = new Set(ranked.slice(0, MOST_REQUESTS));
  return requests.filter((request) => kept.has(request));
}

/** The address of the service, without a slash at its end. @throws HiveError `validation`. */
function serverOf(holder: Mapping, serverUrl: string | undefined): string {
  const written = firstServer(holder);
  const base = serverUrl === undefined ? undefined : webAddress(serverUrl);
  if (serverUrl !== undefined && base === undefined) {
    throw new HiveError('validation', `'${serverUrl}' is not an http:// or https:// address`, {
      hint: 'give --url http://host:port',
    });
  }
  // An address with a path of its own says all; else the document's server says the path.
  if (base && base.pathname !== '/') return plain(base);
  const server = webAddress(written, base?.href);
  if (server === undefined) {
    throw new HiveError('validation', `servers: '${written}' does not say which host serves it`, {
      hint: 'give it with --url http://host:port',
    });
  }
  return plain(base ? new URL(server.pathname, base) : server);
}

function webAddress(text: string, base?: string): URL | undefined {
  if (!URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

const plain = (url: URL): string => `${url.origin}${url.pathname}`.replace(/\/+$/, '');

/** The first server, its variables replaced by their defaults; `/` without any. */
function firstServer({ servers }: Mapping): string {
  const [server] = Array.isArray(servers) ? (servers as unknown[]) : [];
  if (!isMapping(server) || typeof server['url'] !== 'string') return '/';
  const { variables } = server;
  return server['url'].replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = isMapping(variables) && Object.hasOwn(variables, name) ? variables[name] : undefined;
    return isMapping(variable) && typeof variable['default'] === 'string' ? variable['default'] : whole;
  });
}

/** Where an operation is served when that is not where the others are; null when it is. */
function ownServer(
  { item, operation }: Operation,
  { url, serverUrl }: { url: string; serverUrl: string | undefined },
): string | null {
  const holder = [operation, item].find(({ servers }) => Array.isArray(servers) && servers.length > 0);
  if (holder === undefined) return null;
  const own = webAddress(firstServer(holder), serverUrl ?? url);
  if (own === undefined) return firstServer(holder);
  return plain(own) === url ? null : plain(own);
}

function nothing(operations: number, notes: readonly string[]): HiveError {
  if (operations === 0) {
    return new HiveError('validation', 'the OpenAPI document has no operations', {
      hint: 'describe at least one under paths',
    });
  }
  return new HiveError(
    'validation',
    `none of its ${counted(operations, 'operation')} can be called: ${notes.slice(0, 5).join('; ')}`,
    {
      hint: 'give examples in the document',
      details: { notes: [...notes] },
    },
  );
}
