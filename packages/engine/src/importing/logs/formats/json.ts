import { isMapping, type Mapping } from '../../mapping.js';
import type { Logged, LogFormat } from './format.js';
import { readRequestLine } from './request-line.js';

/** Where a JSON log says what; of several names the first that has a value counts. Names lead inwards at dots. */
interface Names {
  name: string;
  method: string[];
  target: string[];
  status: string[];
  host: string[];
  query?: string[];
  /** A whole request line, `GET /path HTTP/1.1`. */
  line?: string[];
}

/** A format with one JSON object a line. Letter case, `_` and `-` in names do not count. */
export function json(names: Names): LogFormat {
  return { name: names.name, reader: () => (entry) => (entry.json === null ? null : read(entry.json, names)) };
}

/** Logs that people laid out themselves (nginx, Apache), Envoy, HAProxy, Elastic, Google's and AWS's gateways, pino. */
export const anyJson = json({
  name: 'JSON',
  method: [
    'request_method',
    'http_method',
    'method',
    'cs-method',
    'verb',
    'httpRequest.requestMethod',
    'http.request.method',
    'request.method',
    'req.method',
  ],
  target: [
    'request_uri',
    'request_url',
    'uri',
    'url',
    'url.original',
    'url.path',
    'request_path',
    'path',
    'target',
    'cs-uri-stem',
    'httpRequest.requestUrl',
    'request.uri',
    'request.url',
    'request.path',
    'req.url',
  ],
  query: ['query_string', 'args', 'query', 'url.query', 'cs-uri-query'],
  line: ['request', 'request_line', 'requestLine', 'http_request', 'message'],
  status: [
    'status',
    'status_code',
    'response_code',
    'response_status',
    'http_status',
    'sc-status',
    'httpRequest.status',
    'http.response.status_code',
    'response.status',
    'response.status_code',
    'res.statusCode',
  ],
  host: [
    'http_host',
    'host',
    'authority',
    'vhost',
    'server_name',
    'domain',
    'x-host-header',
    'url.domain',
    'request.host',
    'request.headers.host',
    'req.headers.host',
  ],
});

function read(json: Mapping, names: Names): Logged | null {
  const values = flattened(json);
  const said = (wanted: readonly string[]): string | null => {
    for (const name of wanted) {
      const value = values.get(normal(name));
      if (value !== undefined && value !== '' && value !== '-') return value;
    }
    return null;
  };
  const line = readRequestLine(said(names.line ?? []) ?? '');
  const method = said(names.method) ?? line?.method ?? null;
  const target = said(names.target) ?? line?.target ?? null;
  if (method === null || target === null) return null;
  const query = target.includes('?') ? null : said(names.query ?? []);
  const status = said(names.status);
  if (status !== null && !/^\d{1,3}$/.test(status)) return null;
  return {
    method,
    target: query === null ? target : `${target}?${query.replace(/^\?/, '')}`,
    status: status === null ? null : Number(status),
    host: said(names.host),
  };
}

const DEEPEST = 4;

/** The texts and numbers of an object, by their path. */
function flattened(json: Mapping): Map<string, string> {
  const values = new Map<string, string>();
  const visit = (node: Mapping, before: string, depth: number): void => {
    for (const [key, given] of Object.entries(node)) {
      const name = before + normal(key);
      // A header is a list of its values.
      const value: unknown = Array.isArray(given) ? given[0] : given;
      if (typeof value === 'string') values.set(name, value);
      else if (typeof value === 'number') values.set(name, String(value));
      else if (isMapping(value) && depth < DEEPEST) visit(value, `${name}.`, depth + 1);
    }
  };
  visit(json, '', 1);
  return values;
}

const normal = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');
