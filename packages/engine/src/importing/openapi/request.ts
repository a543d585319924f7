import type { TargetInput } from '@hive/contract';
import type { Imported } from '../imported.js';
import { isMapping, type Mapping } from '../mapping.js';
import { bodyNeed, bodyOf, type Body } from './body.js';
import type { ApiDocument } from './document.js';
import type { Examples, Found } from './schemas/examples.js';
import type { Hider } from './hidden.js';
import { parseMediaType, writingOf } from './media-type.js';
import type { Operation } from './operations.js';
import { encode, inHeader, inPath, inQuery, styleOf, textOf, type ParameterPlace } from './parameters.js';
import { addCookie, credentialsOf } from './security.js';
import { hasExample, writtenExamples } from './written.js';
import { escapeReferences } from '../../safety/secrets.js';

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** A request that calls an operation, with what a person should know about it; a reason when none can be made. */
export type Made =
  | { request: Omit<RequestInput, 'name'>; secrets: Imported['secrets']; unserved: string[]; marks: string[] }
  | { impossible: string };

export interface With {
  document: ApiDocument;
  examples: Examples;
  hider: Hider;
}

interface Parts {
  path: Map<string, string>;
  query: string[];
  /** What the path itself has of a query: `a=1&b={b}`. */
  ownQuery: string;
  headers: Record<string, string>;
  marks: string[];
}

/** Writes one request: required parameters, those with an example, credentials and a body. `before` stands before its path. */
export function requestFor(found: Operation, before: string, with_: With): Made {
  const { document, hider } = with_;
  const parts: Parts = { path: new Map(), query: [], ownQuery: found.path.split('?')[1] ?? '', headers: {}, marks: [] };
  const parameters = parametersOf(found, document);
  if (!Array.isArray(parameters)) return parameters;
  for (const parameter of parameters) {
    const why = addParameter(parts, parameter, with_);
    if (why !== null) return { impossible: why };
  }
  const body = bodyFor(found, with_);
  if (body.type === 'impossible') return { impossible: body.why };
  const credentials = credentialsOf(document, found.operation);
  const headers = Object.fromEntries(
    Object.entries(parts.headers).map(([name, value]) => [name, hider.header(name, value)]),
  );
  const { cookie, ...others } = credentials.headers;
  if (cookie !== undefined) addCookie(headers, cookie);
  if (body.type === 'body') headers['content-type'] = escapeReferences(body.mediaType);
  const all = { ...headers, ...others };
  const plain = hider.path(withQuery(`${literal(before)}${filledPath(found.path, parts.path)}`, parts.query));
  return {
    request: {
      method: found.method,
      path: withQuery(plain, credentials.query),
      ...(Object.keys(all).length > 0 ? { headers: all } : {}),
      ...(body.type === 'body' ? { body: hider.body(body.text, body.mediaType) } : {}),
    },
    secrets: credentials.secrets,
    unserved: credentials.unserved,
    marks: [...new Set([...parts.marks, ...(body.type === 'body' ? body.marks : [])])],
  };
}

/** A path may have a query of its own. */
function withQuery(path: string, pairs: readonly string[]): string {
  if (pairs.length === 0) return path;
  const joint = path.includes('?') ? (/[?&]$/.test(path) ? '' : '&') : '?';
  return `${path}${joint}${pairs.join('&')}`;
}

/** What only reads is sent with a body where it must have one. */
function bodyFor({ method, operation }: Operation, with_: With): Body {
  if ((method === 'GET' || method === 'HEAD') && bodyNeed(operation, with_.document) !== 'required')
    return { type: 'none' };
  const body = bodyOf(operation, with_);
  if (body.type !== 'body' || (method !== 'GET' && method !== 'HEAD')) return body;
  return {
    ...body,
    marks: [...body.marks, `a ${method} with a body, as the document requires; many servers do not read it`],
  };
}

/** Parameters of the operation, which win, and of its path. */
function parametersOf({ item, operation }: Operation, document: ApiDocument): Mapping[] | { impossible: string } {
  const merged = new Map<string, Mapping>();
  for (const list of [item['parameters'], operation['parameters']]) {
    if (!Array.isArray(list)) continue;
    for (const one of list as unknown[]) {
      const broken = document.brokenReference(one);
      if (broken !== null) return { impossible: broken };
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
function addParameter(parts: Parts, parameter: Mapping, with_: With): string | null {
  const name = String(parameter['name']);
  const place = String(parameter['in']) as ParameterPlace | 'querystring';
  const required = place === 'path' || parameter['required'] === true;
  if (!required && !isExemplified(parameter, with_.document)) return null;
  if (place === 'header' && OWN_HEADERS.has(name.toLowerCase())) return null;
  const found = valueOf(parameter, place, with_);
  if ('none' in found) return required ? `no value for the ${place} parameter ${name}: ${found.none}` : null;
  parts.marks.push(...found.marks.map((mark) => `${name}: ${mark}`));
  if (place === 'querystring') {
    parts.query.push(literal(textOf(found.value).replace(/^\?/, '')));
    return null;
  }
  const written = { name, value: found.value, ...styleOf(parameter, place) };
  const isInPath = place === 'path' || (place === 'query' && parts.ownQuery.includes(`{${name}}`));
  if (isInPath) parts.path.set(name, inPath({ ...written, style: place === 'path' ? written.style : 'simple' }));
  else if (place === 'query') parts.query.push(...inQuery(written));
  else if (place === 'cookie') addCookie(parts.headers, `${name}=${encode(textOf(found.value))}`);
  else if (place === 'header') return addHeader(parts.headers, name, { text: inHeader(written), required });
  return null;
}

const isExemplified = (parameter: Mapping, document: ApiDocument): boolean => {
  const media = mediaOf(parameter, document);
  return hasExample(parameter, document) || (media !== null && hasExample(media.holder, document));
};

function addHeader(
  headers: Record<string, string>,
  name: string,
  { text, required }: { text: string; required: boolean },
): string | null {
  const valid = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !/[^\x20-\x7e]/.test(text);
  if (valid) headers[name.toLowerCase()] = text.trim();
  return valid || !required ? null : `Hive cannot send the header ${name}`;
}

/** The one media type of a parameter with `content`. */
function mediaOf({ content }: Mapping, document: ApiDocument): { isJson: boolean; holder: Mapping } | null {
  const [entry] = isMapping(content) ? Object.entries(content) : [];
  if (entry === undefined) return null;
  const holder = document.follow(entry[1]);
  const media = parseMediaType(entry[0]);
  return { isJson: media === null || writingOf(media) === 'json', holder: isMapping(holder) ? holder : {} };
}

function valueOf(parameter: Mapping, place: string, { document, examples }: With): Found | { none: string } {
  const media = mediaOf(parameter, document);
  const holder = media?.holder ?? parameter;
  const found = examples.valueFor(holder['schema'] ?? { type: 'string' }, [
    ...writtenExamples(parameter, document),
    ...(media === null ? [] : writtenExamples(holder, document)),
  ]);
  if ('none' in found) return found;
  // A path needs something between its slashes.
  if (place === 'path' && textOf(found.value) === '') return { ...found, value: '1' };
  return media?.isJson === true ? { ...found, value: JSON.stringify(found.value) } : found;
}

/** The template with its values; a name that the document does not describe becomes 1. */
function filledPath(template: string, values: ReadonlyMap<string, string>): string {
  return template
    .split(/(\{[^{}]*\})/)
    .map((piece) => {
      if (!/^\{[^{}]*\}$/.test(piece)) return literal(piece);
      const name = piece.slice(1, -1);
      return values.get(name) ?? values.get(name.replace(/^[+./;#]|\*$|:.*$/g, '')) ?? '1';
    })
    .join('');
}

/** A piece of a path as it is written, with what a request line cannot hold percent-encoded. */
function literal(piece: string): string {
  return piece.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%?]+/g, encode).replaceAll('${', '%24{');
}
