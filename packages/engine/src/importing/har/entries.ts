import { isMapping, type Mapping } from '../mapping.js';
import { encode } from '../openapi/parameters.js';
import { readEntryList } from './har-json.js';
import { readPostData, type PostData } from './post-data.js';

/** One request of a HAR, as far as it can be sent again. */
export interface HarEntry extends PostData {
  method: string;
  url: URL;
  /** Names in lower case. */
  headers: [name: string, value: string][];
  /** 0 where no answer came; null where the recording does not say. */
  status: number | null;
  /** Why it never reached the service, or is none of its traffic; null for what did. */
  unreal: string | null;
  /** It was sent with a body that the recording does not have. */
  lacksBody: boolean;
}

/** What a HAR holds; entries that are no HTTP request are counted as malformed. */
export interface HarEntries {
  entries: HarEntry[];
  malformed: number;
  /** The end of the file is missing. */
  brokenOff: boolean;
}

/** Reads the entries of an HTTP Archive, whoever wrote it. @throws HiveError `validation`. */
export function readHarEntries(text: string): HarEntries {
  const { list, brokenOff } = readEntryList(text);
  const entries = list.map(readEntry);
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, malformed: entries.length - good.length, brokenOff };
}

function readEntry(entry: unknown): HarEntry | null {
  const request = isMapping(entry) ? entry['request'] : undefined;
  if (!isMapping(entry) || !isMapping(request)) return null;
  const { method, url } = request;
  if (typeof method !== 'string' || typeof url !== 'string' || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null;
  if (parsed.search === '') parsed.search = queryOf(request['queryString']);
  const headers = headersOf(request['headers']);
  const data = readPostData(request['postData'], headers.find(([name]) => name === 'content-type')?.[1] ?? null);
  const others = headers.filter(([name]) => name !== 'content-type');
  const made = { method: method.toUpperCase(), url: parsed, status: statusOf(entry['response']) };
  return {
    ...made,
    ...data,
    headers: data.type === null ? headers : [...others, ['content-type', data.type]],
    unreal: unrealOf({ ...made, headers }, entry),
    lacksBody: data.body === null && data.bytes === null && hadBody(request, headers),
  };
}

function hadBody({ bodySize }: Mapping, headers: HarEntry['headers']): boolean {
  const length = headers.find(([name]) => name === 'content-length')?.[1];
  return Number(bodySize) > 0 || Number(length) > 0;
}

/** Some write the query beside the address only. */
function queryOf(list: unknown): string {
  if (!Array.isArray(list)) return '';
  const pairs = (list as unknown[]).flatMap((one): string[] => {
    if (!isMapping(one) || typeof one['name'] !== 'string') return [];
    const asQuery = (text: string): string => (/%[0-9a-f]{2}/i.test(text) ? text : encode(text));
    const value = typeof one['value'] === 'string' ? one['value'] : '';
    return [`${asQuery(one['name'])}=${asQuery(value)}`];
  });
  return pairs.join('&');
}

/** A number, or a text that begins with one. */
function statusOf(response: unknown): number | null {
  const status = isMapping(response) ? response['status'] : undefined;
  if (typeof status === 'number') return status;
  const text = typeof status === 'string' ? /^\s*(\d{1,3})\b/.exec(status)?.[1] : undefined;
  return text === undefined ? null : Number(text);
}

function unrealOf(
  { method, status, headers }: Pick<HarEntry, 'method' | 'status' | 'headers'>,
  entry: Mapping,
): string | null {
  const response = isMapping(entry['response']) ? entry['response'] : {};
  const initiator = isMapping(entry['_initiator']) ? entry['_initiator']['type'] : undefined;
  const isAsked = headers.some(([name]) => name === 'access-control-request-method');
  if (method === 'OPTIONS' && (isAsked || initiator === 'preflight' || entry['_resourceType'] === 'preflight'))
    return 'that browsers send before others to ask for permission (CORS preflight)';
  const says = (...names: string[]): boolean =>
    [entry, response].some((holder) => names.some((name) => isYes(holder[name])));
  if (says('_fromCache', 'fromCache', '_fromDiskCache', 'fromDiskCache', '_servedFromCache'))
    return "answered from the browser's cache";
  if (says('_fromServiceWorker', 'fromServiceWorker')) return 'answered by a service worker';
  const words = response['statusText'];
  if (status === 307 && typeof words === 'string' && /^internal redirect$/i.test(words))
    return 'redirected by the browser itself';
  return null;
}

/** `disk`, `memory`, true, `true`. */
const isYes = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value !== '' && !/^(?:false|no|none|0)$/i.test(value));

function headersOf(headers: unknown): [string, string][] {
  if (!Array.isArray(headers)) return [];
  return headers.flatMap((header: unknown): [string, string][] => {
    if (!isMapping(header)) return [];
    const { name, value } = header;
    if (typeof name !== 'string' || typeof value !== 'string' || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)) return [];
    return /\p{Cc}/u.test(value) ? [] : [[name.toLowerCase(), value]];
  });
}
