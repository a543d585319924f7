import { isMapping, plainText, type Mapping } from '../mapping.js';
import { encode } from '../openapi/parameters.js';
import type { Variables } from './variables.js';

/** The body of a request of a collection, its type where one is known, and the files that it lacks. */
export interface PostmanBody {
  text: string | null;
  type: string | null;
  missing: string[];
}

const BOUNDARY = 'hive-boundary-7d1f';
const LANGUAGES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
  text: 'text/plain',
};
const NONE: PostmanBody = { text: null, type: null, missing: [] };

/** All modes: raw, urlencoded, formdata, graphql, file. */
export function bodyOf(body: unknown, variables: Variables): PostmanBody {
  if (!isMapping(body) || body['disabled'] === true) return NONE;
  const { mode, raw, urlencoded, formdata, graphql, file } = body;
  if (mode === 'urlencoded' || (mode === undefined && Array.isArray(urlencoded)))
    return { ...NONE, text: formOf(urlencoded, variables), type: 'application/x-www-form-urlencoded' };
  if (mode === 'formdata') return multipartOf(formdata, variables);
  if (mode === 'graphql') return graphqlOf(graphql, variables);
  if (mode === 'file') return fileOf(file, variables);
  if (typeof raw !== 'string' || raw === '') return NONE;
  const options = isMapping(body['options']) && isMapping(body['options']['raw']) ? body['options']['raw'] : {};
  const language = plainText(options['language']);
  const text = variables.fill(raw);
  const guess = /^\s*[[{]/.test(raw) ? 'application/json' : 'text/plain';
  return { ...NONE, text, type: LANGUAGES[language] ?? guess };
}

function fieldsOf(list: unknown): Mapping[] {
  const all = typeof list === 'string' ? pairsIn(list) : list;
  if (!Array.isArray(all)) return [];
  return (all as unknown[])
    .filter(isMapping)
    .filter(({ disabled, key }) => disabled !== true && typeof key === 'string');
}

const pairsIn = (text: string): Mapping[] =>
  [...new URLSearchParams(text)].map(([key, value]): Mapping => ({ key, value }));

const textOf = (value: unknown, { fill }: Variables): string =>
  fill(typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value));

const formOf = (list: unknown, variables: Variables): string =>
  fieldsOf(list)
    .map(({ key, value }) => `${encode(variables.fill(String(key)))}=${encode(textOf(value, variables))}`)
    .join('&');

function multipartOf(list: unknown, variables: Variables): PostmanBody {
  const missing: string[] = [];
  const parts = fieldsOf(list).flatMap(({ key, value, type, src, contentType }) => {
    const name = variables.fill(String(key)).replace(/["\r\n]/g, '_');
    const typed =
      typeof contentType === 'string' && !/[\r\n]/.test(contentType) ? `\r\ncontent-type: ${contentType}` : '';
    const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"`;
    if (type !== 'file') return [`${head}${typed}\r\n\r\n${textOf(value, variables)}\r\n`];
    const files: unknown[] = Array.isArray(src) ? src : [src];
    return files.map((path) => {
      const file = nameOf(path);
      missing.push(file);
      return `${head}; filename="${file}"${typed || '\r\ncontent-type: application/octet-stream'}\r\n\r\nhive\r\n`;
    });
  });
  return { text: `${parts.join('')}--${BOUNDARY}--\r\n`, type: `multipart/form-data; boundary=${BOUNDARY}`, missing };
}

const nameOf = (path: unknown): string =>
  (typeof path === 'string' ? path.replace(/^.*[\\/]/, '') : '').replace(/["\r\n]/g, '_') || 'hive.txt';

function graphqlOf(graphql: unknown, variables: Variables): PostmanBody {
  const { query, variables: given, operationName } = isMapping(graphql) ? graphql : {};
  const text = typeof given === 'string' ? variables.fill(given).trim() : JSON.stringify(given ?? {});
  const name = typeof operationName === 'string' && operationName !== '' ? { operationName } : {};
  const body = { query: variables.fill(typeof query === 'string' ? query : ''), ...name };
  return {
    ...NONE,
    text: `${JSON.stringify(body).slice(0, -1)},"variables":${isJson(text) ? text : '{}'}}`,
    type: 'application/json',
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function fileOf(file: unknown, variables: Variables): PostmanBody {
  const { src, content } = isMapping(file) ? file : {};
  if (typeof content === 'string') return { ...NONE, text: variables.fill(content) };
  return { text: 'hive', type: 'application/octet-stream', missing: [nameOf(typeof file === 'string' ? file : src)] };
}
