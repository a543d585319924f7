import { HiveError } from '@hive/contract';
import { commandsIn } from './words.js';

/** What a command line of curl asks for. */
export interface CurlRequest {
  url: string;
  method: string;
  /** Names as they are written. */
  headers: [name: string, value: string][];
  body: Buffer | null;
  /** `USER:PASSWORD`, of Basic authentication. */
  user: string | null;
  insecure: boolean;
  /** Paths of PEM files, those that it names. */
  tls: { cert?: string; key?: string; cacert?: string };
  /** `HOST:PORT:HOST2:PORT2` */
  connectTo: string[];
  /** Options that mean nothing for a load, or that Hive does not know: one sentence each. */
  notes: string[];
}

/** Reads a file that is named in the command; throws an Error that says why it cannot. */
export type ReadFile = (path: string) => Uint8Array;

interface Reading extends Omit<CurlRequest, 'url'> {
  urls: string[];
  explicit: string | null;
  data: Buffer[];
  fields: Buffer[];
  asQuery: boolean;
  asHead: boolean;
  redirects: boolean;
  unread: string[];
  read: ReadFile | undefined;
}

type Use = (so: Reading, value: string) => void;

/** No client sends more, and no server takes more. */
const MOST_HEADERS = 200;

const header = (so: Reading, line: string): void => {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*[:;]\s*([^\r\n]*)$/.exec(line);
  // `:authority` and the like stand for the request line of HTTP/2.
  if (match?.[1] === undefined)
    return void (line.startsWith(':') ? null : so.notes.push(`The header ${line.slice(0, 60)} cannot be read`));
  if (so.headers.length >= MOST_HEADERS)
    throw new HiveError('validation', `curl: the command has more than ${MOST_HEADERS} headers`);
  so.headers.push([match[1], (match[2] ?? '').trim()]);
};

/** `@FILE` in the place of a value. */
function content(so: Reading, text: string): Buffer {
  if (!text.startsWith('@')) return Buffer.from(text);
  const path = text.slice(1);
  if (so.read === undefined)
    throw new HiveError('validation', `curl: the file ${path} is not read here`, {
      hint: 'write the body itself into the command',
    });
  try {
    return Buffer.from(so.read(path));
  } catch (cause) {
    throw new HiveError(
      'validation',
      `curl: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`,
      {
        hint: 'name a readable file after @',
        cause,
      },
    );
  }
}

const data: Use = (so, text) =>
  so.data.push(
    text.startsWith('@')
      ? Buffer.from(
          content(so, text)
            .toString('latin1')
            .replace(/[\r\n\0]/g, ''),
          'latin1',
        )
      : Buffer.from(text),
  );

const encoded: Use = (so, text) => {
  const match = /^([^=@]*)([=@])([^]*)$/.exec(text);
  if (match === null) return void so.data.push(Buffer.from(encodeURIComponent(text)));
  const [, name = '', sign, rest = ''] = match;
  const value = encodeURIComponent(sign === '@' ? content(so, `@${rest}`).toString('utf8') : rest);
  so.data.push(Buffer.from(name === '' ? value : `${name}=${value}`));
};

const BOUNDARY = 'hive-boundary-7d1f';

const field: Use = (so, text) => {
  const at = text.indexOf('=');
  const [name, given] = [text.slice(0, at).replace(/["\r\n]/g, '_'), text.slice(at + 1)];
  const isFile = /^[@<]/.test(given);
  const [value = '', ...settings] = isFile ? given.split(';') : given.split(/;(?=type=)/);
  const setting = (key: string): string | undefined =>
    settings
      .find((one) => one.trim().startsWith(`${key}=`))
      ?.trim()
      .slice(key.length + 1)
      .replace(/^"|"$/g, '');
  const file = given.startsWith('@') ? (setting('filename') ?? value.slice(1).replace(/^.*[\\/]/, '')) : null;
  const type = setting('type') ?? (file === null ? undefined : 'application/octet-stream');
  const named = file === null ? '' : `; filename="${file.replace(/["\r\n]/g, '_')}"`;
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${named}\r\n${type === undefined ? '' : `content-type: ${type}\r\n`}\r\n`;
  const bytes = isFile ? content(so, `@${value.slice(1)}`) : Buffer.from(value);
  so.fields.push(Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n')]));
};

/** `FILE:PASSWORD`; on Windows a path has a colon of its own. */
const certificate: Use = (so, text) => {
  const password = /^(.{2,}?):([^\\/]*)$/.exec(text);
  so.tls.cert = password?.[1] ?? text;
  if (password !== null) so.notes.push('--cert: the password of a key is not used: give a key without one');
};

/** The port stays the same. */
const resolved: Use = (so, text) => {
  const [, host, port, address] = /^\+?([^:]+):(\d+):\[?([^,\]]+)/.exec(text) ?? [];
  if (host === undefined || address === undefined || host === '*')
    return void so.notes.push(`--resolve ${text.slice(0, 60)} cannot be read`);
  so.connectTo.push(`${host}:${port}:${address.includes(':') ? `[${address}]` : address}:${port}`);
};

const raw: Use = (so, text) => void so.data.push(Buffer.from(text));
const ignored: Use = () => undefined;

/** Options with a value, and what becomes of it. */
const WITH_VALUE: Readonly<Record<string, Use>> = {
  '-X': (so, value) => (so.explicit = value.toUpperCase()),
  '-H': header,
  '-b': (so, value) => header(so, `cookie: ${value}`),
  '-A': (so, value) => header(so, `user-agent: ${value}`),
  '-e': (so, value) => header(so, `referer: ${value}`),
  '-u': (so, value) => (so.user = value.includes(':') ? value : `${value}:`),
  '-d': data,
  '-F': field,
  '--data-raw': raw,
  '--data-binary': (so, text) => void so.data.push(content(so, text)),
  '--data-urlencode': encoded,
  '--form-string': (so, text) => field(so, text.replace(/=([@<])/, '= $1').replace('= ', '=')),
  '--json': (so, text) => {
    so.data.push(content(so, text));
    for (const name of ['content-type', 'accept'])
      if (!so.headers.some(([one]) => one.toLowerCase() === name)) so.headers.push([name, 'application/json']);
  },
  '-E': certificate,
  '--key': (so, value) => (so.tls.key = value),
  '--cacert': (so, value) => (so.tls.cacert = value),
  '--connect-to': (so, value) => so.connectTo.push(value),
  '--resolve': resolved,
  '--oauth2-bearer': (so, value) => header(so, `authorization: Bearer ${value}`),
  '--url': (so, value) => void so.urls.push(value),
  ...Object.fromEntries(
    '-o -m -w -c --connect-timeout --retry --retry-delay --max-redirs --tlsv --tls-max'
      .split(' ')
      .map((name) => [name, ignored]),
  ),
};

const SWITCHES: Readonly<Record<string, (so: Reading) => void>> = {
  '-k': (so) => (so.insecure = true),
  '-G': (so) => (so.asQuery = true),
  '-I': (so) => (so.asHead = true),
  '-L': (so) => (so.redirects = true),
  ...Object.fromEntries(
    '-s -S -v -i -f -# -N -O -g --compressed --http1.1 --http2 --http2-prior-knowledge --no-progress-meter --fail-with-body --globoff --path-as-is --tlsv1.2 --tlsv1.3 --no-buffer --tcp-nodelay'
      .split(' ')
      .map((name) => [name, () => undefined]),
  ),
};

const LONG: Readonly<Record<string, string>> = {
  '--request': '-X',
  '--header': '-H',
  '--cookie': '-b',
  '--user-agent': '-A',
  '--referer': '-e',
  '--user': '-u',
  '--data': '-d',
  '--data-ascii': '-d',
  '--form': '-F',
  '--insecure': '-k',
  '--get': '-G',
  '--head': '-I',
  '--cert': '-E',
  '--location': '-L',
  '--output': '-o',
  '--max-time': '-m',
  '--write-out': '-w',
  '--cookie-jar': '-c',
  '--silent': '-s',
  '--show-error': '-S',
  '--verbose': '-v',
  '--include': '-i',
  '--fail': '-f',
};

/**
 * Reads commands as people paste them from a browser's developer tools or from documentation: one request for each address, each `--next` and each
 * command. Files are read with `read`; without it, none may be named.
 * @throws HiveError `validation` where one has no address, or names a file that cannot be read.
 */
export function readCurls(line: string, read?: ReadFile): CurlRequest[] {
  const commands = commandsIn(line.replace(/^\s*\$\s+/, ''));
  const [first = [], ...others] = commands;
  // What follows a command and is another program's is none of it.
  const all = [first, ...others.filter(([program = '']) => IS_CURL.test(program))];
  return all.flatMap((words) => partsOf(words.slice(1)).flatMap((part) => requestsOf(part, read)));
}

/**
 * Reads the one request of a command, likewise.
 * @throws HiveError `validation` also where there are more.
 */
export function readCurl(line: string, read?: ReadFile): CurlRequest {
  const [one, ...others] = readCurls(line, read);
  if (one === undefined || others.length > 0)
    throw new HiveError('validation', `curl: the command sends ${1 + others.length} requests, and one is wanted here`, {
      hint: 'leave one of them, or make a hive.yaml of all with hive init --from-curl FILE',
    });
  return one;
}

const IS_CURL = /(?:^|[\\/])curl(?:\.exe)?$/i;

/** What stands between `--next`s, each with options of its own. */
function partsOf(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of words)
    if (word === '--next' || word === '-:') parts.push([]);
    else parts.at(-1)?.push(word);
  return parts;
}

function requestsOf(words: string[], read: ReadFile | undefined): CurlRequest[] {
  const so: Reading = {
    urls: [],
    method: 'GET',
    headers: [],
    body: null,
    user: null,
    insecure: false,
    tls: {},
    connectTo: [],
    notes: [],
    explicit: null,
    data: [],
    fields: [],
    asQuery: false,
    asHead: false,
    redirects: false,
    unread: [],
    read,
  };
  for (let at = 0; at < words.length;) at = readWord(so, words, at);
  if (so.urls.length === 0)
    throw new HiveError('validation', 'curl: the command has no address', {
      hint: "write, for example, 'curl http://127.0.0.1:8080/'",
    });
  if (so.redirects) so.notes.push('-L: redirects are not followed, so that what is measured is what you named');
  if (so.unread.length > 0)
    so.notes.push(`Left out of the command: ${[...new Set(so.unread)].join(', ')}, which Hive does not know`);
  const made = finished({ ...so, url: '' });
  // What holds for all of them is said once.
  return so.urls.map((url, index) => ({ ...made, url: withQuery(url, made.url), notes: index === 0 ? so.notes : [] }));
}

const IS_ADDRESS = /^https?:\/\//i;

const withQuery = (url: string, query: string): string =>
  query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;

/** Reads the word at `at`, and the value of its option. Returns where the next one is. */
function readWord(so: Reading, words: readonly string[], at: number): number {
  const word = words[at] as string;
  if (!word.startsWith('-') || word === '-') {
    if (so.urls.length === 0 || IS_ADDRESS.test(word)) so.urls.push(word);
    else so.unread.push(word.slice(0, 60));
    return at + 1;
  }
  if (word.startsWith('--')) {
    const [, long = word, value] = /^(--[^=]+)(?:=([^]*))?$/.exec(word) ?? [];
    return readOption(so, { name: LONG[long] ?? long, shown: long, attached: value }, { words, at });
  }
  // Several of one letter, of which the last may have a value.
  for (let letter = 1; letter < word.length; letter += 1) {
    const name = `-${word[letter]}`;
    const takes = Object.hasOwn(WITH_VALUE, name);
    const rest = word.slice(letter + 1);
    if (takes || rest === '')
      return readOption(so, { name, shown: name, attached: takes && rest !== '' ? rest : undefined }, { words, at });
    if (Object.hasOwn(SWITCHES, name)) SWITCHES[name]?.(so);
    else so.unread.push(name);
  }
  return at + 1;
}

function readOption(
  so: Reading,
  { name, shown, attached }: { name: string; shown: string; attached: string | undefined },
  { words, at }: { words: readonly string[]; at: number },
): number {
  const next = words[at + 1];
  if (Object.hasOwn(WITH_VALUE, name)) {
    WITH_VALUE[name]?.(so, attached ?? next ?? '');
    return at + (attached === undefined ? 2 : 1);
  }
  if (Object.hasOwn(SWITCHES, name)) {
    SWITCHES[name]?.(so);
    return at + 1;
  }
  so.unread.push(shown);
  // What follows an unknown option and is no address belongs to it.
  const isItsOwn =
    attached === undefined &&
    next !== undefined &&
    !next.startsWith('-') &&
    !IS_ADDRESS.test(next) &&
    (so.urls.length > 0 || at + 2 < words.length);
  return at + (isItsOwn ? 2 : 1);
}

function finished({
  urls: ____,
  explicit,
  data: pieces,
  fields,
  asQuery,
  asHead,
  redirects: _,
  unread: __,
  read: ___,
  ...so
}: Reading & { url: string }): CurlRequest {
  const has = (name: string): boolean => so.headers.some(([one]) => one.toLowerCase() === name);
  const joined = Buffer.concat(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [Buffer.from('&'), piece])));
  if (fields.length > 0) {
    so.headers = so.headers.filter(([name]) => name.toLowerCase() !== 'content-type');
    so.headers.push(['content-type', `multipart/form-data; boundary=${BOUNDARY}`]);
    so.body = Buffer.concat([...fields, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  } else if (pieces.length > 0 && asQuery) so.url = joined.toString('utf8');
  else if (pieces.length > 0) {
    so.body = joined;
    if (!has('content-type')) so.headers.push(['content-type', 'application/x-www-form-urlencoded']);
  }
  const implied = asHead ? 'HEAD' : so.body === null ? 'GET' : 'POST';
  return { ...so, headers: so.headers.filter(([name]) => !OWN.has(name.toLowerCase())), method: explicit ?? implied };
}

/** How the connection is used is Hive's own matter, and so is the length of a body. */
const OWN: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'host',
  'te',
  'upgrade',
  'expect',
]);
