import { HiveError } from '@hive/contract';
import { isMapping } from '../mapping.js';

/** One request of a HAR, as far as it can be sent again. */
export interface HarEntry {
  method: string;
  url: URL;
  /** Names in lower case. */
  headers: [name: string, value: string][];
  body: string | null;
  /** 0 where no answer came. */
  status: number;
}

/** Reads the entries of an HTTP Archive; those that are no HTTP request are counted as malformed. @throws HiveError `validation`. */
export function readHarEntries(text: string): { entries: HarEntry[]; malformed: number } {
  const list = entriesOf(text);
  const entries = list.map(readEntry);
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, malformed: entries.length - good.length };
}

function entriesOf(text: string): unknown[] {
  let har: unknown;
  try {
    har = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const message = `the HAR file is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new HiveError('validation', message, { hint: 'save it again from the network panel of a browser' });
  }
  const log = isMapping(har) ? har['log'] : undefined;
  const entries = isMapping(log) ? log['entries'] : undefined;
  if (Array.isArray(entries)) return entries;
  throw new HiveError('validation', 'the file is not a HAR file: it has no log.entries', {
    hint: 'save it again from the network panel of a browser',
  });
}

function readEntry(entry: unknown): HarEntry | null {
  const request = isMapping(entry) ? entry['request'] : undefined;
  const response = isMapping(entry) ? entry['response'] : undefined;
  if (!isMapping(request)) return null;
  const { method, url } = request;
  if (typeof method !== 'string' || typeof url !== 'string' || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null;
  const status = isMapping(response) ? response['status'] : undefined;
  const { body, type } = bodyOf(request['postData']);
  const headers = headersOf(request['headers']);
  const typed = headers.some(([name]) => name === 'content-type') || type === null;
  return {
    method: method.toUpperCase(),
    url: parsed,
    headers: typed ? headers : [...headers, ['content-type', type]],
    body,
    status: typeof status === 'number' ? status : 0,
  };
}

function headersOf(headers: unknown): [string, string][] {
  if (!Array.isArray(headers)) return [];
  return headers.flatMap((header: unknown): [string, string][] => {
    if (!isMapping(header)) return [];
    const { name, value } = header;
    if (typeof name !== 'string' || typeof value !== 'string' || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)) return [];
    return /\p{Cc}/u.test(value) ? [] : [[name.toLowerCase(), value]];
  });
}

function bodyOf(data: unknown): { body: string | null; type: string | null } {
  if (!isMapping(data)) return { body: null, type: null };
  const { text, params, mimeType } = data;
  const type = typeof mimeType === 'string' && mimeType !== '' && !/\p{Cc}/u.test(mimeType) ? mimeType : null;
  if (typeof text === 'string' && text !== '') return { body: text, type };
  if (!Array.isArray(params) || params.length === 0) return { body: null, type };
  const form = new URLSearchParams();
  for (const param of params as unknown[]) {
    if (!isMapping(param) || typeof param['name'] !== 'string') continue;
    form.append(param['name'], typeof param['value'] === 'string' ? param['value'] : '');
  }
  return { body: form.toString(), type: type ?? 'application/x-www-form-urlencoded' };
}
