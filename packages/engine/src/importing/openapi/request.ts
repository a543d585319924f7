import type { TargetInput } from '@hive/contract';
import type { Imported } from '../imported.js';
import { isMapping, type Mapping } from '../mapping.js';
import { bodyOf, writtenExamples } from './body.js';
import type { ApiDocument } from './document.js';
import type { Examples } from './examples.js';
import { encode, inHeader, inPath, inQuery, styleOf, textOf, type ParameterPlace } from './parameters.js';
import { addCookie, credentialsOf } from './security.js';
import { escapeReferences } from '../../safety/secrets.js';

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** An operation as it stands in the document. */
export interface Operation {
  method: string;
  /** Its template, such as `/pets/{id}`. */
  path: string;
  item: Mapping;
  operation: Mapping;
}

/** A request that calls an operation; a reason when none can be made. */
export type Made =
  { request: Omit<RequestInput, 'name'>; secrets: Imported['secrets']; unserved: string[] } | { impossible: string };

interface Parts {
  path: Map<string, string>;
  query: string[];
  headers: Record<string, string>;
}

/** Writes one request: required parameters, those with an example, credentials and a body. */
export function requestFor(found: Operation, with_: { document: ApiDocument; examples: Examples }): Made {
  const { document, examples } = with_;
  const parts: Parts = { path: new Map(), query: [], headers: {} };
  for (const parameter of parametersOf(found, document)) {
    const why = addParameter(parts, parameter, { document, examples });
    if (why !== null) return { impossible: why };
  }
  const body =
    found.method === 'GET' || found.method === 'HEAD' ? ({ type: 'none' } as const) : bodyOf(found.operation, with_);
  if (body.type === 'impossible') return { impossible: body.why };
  const credentials = credentialsOf(document, found.operation);
  const query = [...parts.query.map(escapeReferences), ...credentials.query];
  const headers = Object.fromEntries(
    Object.entries(parts.headers).map(([name, value]) => [name, escapeReferences(value)]),
  );
  const { cookie, ...others } = credentials.headers;
  if (cookie !== undefined) addCookie(headers, cookie);
  if (body.type === 'body') headers['content-type'] = escapeReferences(body.mediaType);
  const all = { ...headers, ...others };
  return {
    request: {
      method: found.method,
      path: `${filledPath(found.path, parts.path)}${query.length > 0 ? `?${query.join('&')}` : ''}`,
      ...(Object.keys(all).length > 0 ? { headers: all } : {}),
      ...(body.type === 'body' ? { body: escapeReferences(body.text) } : {}),
    },
    secrets: credentials.secrets,
    unserved: credentials.unserved,
  };
}

/** Parameters of the operation, which win, and of its path. */
function parametersOf({ item, operation }: Operation, document: ApiDocument): Mapping[] {
  const merged = new Map<string, Mapping>();
  for (const list of [item['parameters'], operation['parameters']]) {
    if (!Array.isArray(list)) continue;
    for (const one of list as unknown[]) {
      const parameter = document.follow(one);
      if (!isMapping(parameter) || typeof parameter['name'] !== 'string') continue;
      merged.set(`${String(parameter['in'])} ${parameter['name']}`, parameter);
    }
  }
  return [...merged.values()];
}

/** These say how Hive itself speaks (OpenAPI, Parameter Object: such header parameters are to be ignored). */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'content-type',
  'authorization',
  'content-length',
  'transfer-encoding',
  'host',
  'connection',
]);

/** Adds a parameter that is required or has an example. Returns why it cannot be, or null. */
function addParameter(
  parts: Parts,
  parameter: Mapping,
  { document, examples }: { document: ApiDocument; examples: Examples },
): string | null {
  const name = String(parameter['name']);
  const place = String(parameter['in']) as ParameterPlace;
  const required = place === 'path' || parameter['required'] === true;
  const hasExample = parameter['example'] !== undefined || isMapping(parameter['examples']);
  if (!required && !hasExample) return null;
  if (place === 'header' && OWN_HEADERS.has(name.toLowerCase())) return null;
  const found = valueOf(parameter, { document, examples, place });
  if (found === null) return required ? `Hive found no value for the ${place} parameter ${name}` : null;
  const written = { name, value: found.value, ...styleOf(parameter, place) };
  if (place === 'path') parts.path.set(name, inPath(written));
  else if (place === 'query') parts.query.push(...inQuery(written));
  else if (place === 'cookie') addCookie(parts.headers, `${name}=${encode(textOf(found.value))}`);
  else if (place === 'header') return addHeader(parts.headers, name, { text: inHeader(written), required });
  return null;
}

function addHeader(
  headers: Record<string, string>,
  name: string,
  { text, required }: { text: string; required: boolean },
): string | null {
  const valid = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !/[^\x20-\x7e]/.test(text);
  if (valid) headers[name.toLowerCase()] = text.trim();
  return valid || !required ? null : `Hive cannot send the header ${name}`;
}

function valueOf(
  parameter: Mapping,
  { document, examples, place }: { document: ApiDocument; examples: Examples; place: ParameterPlace },
): { value: unknown } | null {
  const { content } = parameter;
  const [media] = isMapping(content) ? Object.values(content).map((one) => document.follow(one)) : [];
  const holder = isMapping(media) ? media : parameter;
  const found = examples.valueFor(holder['schema'] ?? { type: 'string' }, [
    ...writtenExamples(parameter, document),
    ...(isMapping(media) ? writtenExamples(media, document) : []),
  ]);
  if (found === null) return null;
  // A path needs something between its slashes.
  if (place === 'path' && textOf(found.value) === '') return { value: '1' };
  return isMapping(media) ? { value: JSON.stringify(found.value) } : found;
}

/** The template with its values; a name that the document does not describe becomes 1. */
function filledPath(template: string, values: ReadonlyMap<string, string>): string {
  return template
    .split(/(\{[^{}]*\})/)
    .map((piece) => {
      if (!/^\{[^{}]*\}$/.test(piece)) return literal(piece);
      return values.get(piece.slice(1, -1)) ?? '1';
    })
    .join('');
}

/** A piece of a path as it is written, with what a request line cannot hold percent-encoded. */
function literal(piece: string): string {
  return piece.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%?]+/g, encode).replaceAll('${', '%24{');
}
