import { existsSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { EXIT, HiveError, toTarget } from '@hive/contract';
import {
  escapeReferences,
  fromAccessLog,
  fromCurl,
  fromHar,
  fromOpenApi,
  fromPostman,
  isRead,
  neededNames,
  readInput,
  readTargetFile,
  writeTargetFile,
  type Imported,
} from '@hive/engine';
import { Option, type Command } from 'commander';
import { wholeOption } from '../arguments/option.js';
import { readSource } from '../arguments/source-file.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { createTerminal, type Terminal } from '../print/terminal.js';

interface InitOptions extends SharedOptions {
  fromOpenapi?: string;
  fromHar?: string;
  fromPostman?: string;
  fromCurl?: string;
  fromLog?: string;
  url?: string;
  out: string;
  force?: boolean;
  host?: string;
  most?: number;
  exactIds?: boolean;
  seed: number;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';

const EXAMPLES = `
Examples:
  hive init                                               a hive.yaml for ${DEFAULT_URL}, to fill in
  hive init --url http://127.0.0.1:3000/items
  hive init --from-openapi openapi.yaml --url http://127.0.0.1:8080
  hive init --from-har shop.har                           a recording from a browser's network panel
  hive init --from-postman shop.postman_collection.json --url http://127.0.0.1:8080
  pbpaste | hive init --from-curl -                       a request copied from developer tools
  hive init --from-log access.log.gz --url http://127.0.0.1:8080
  cat access.log.*.gz | hive init --from-log - --most 20 --out shop.yaml

Writing requests are included, but not sent until safety.allowWrites is true.
Then run hive train hive.yaml or hive run hive.yaml`;

const SOURCES = ['fromOpenapi', 'fromHar', 'fromPostman', 'fromCurl', 'fromLog'];

export function define(command: Command, done: (exitCode: number) => void): void {
  const source = (flags: string, does: string): Option => {
    const option = new Option(flags, does);
    return option.conflicts(SOURCES.filter((name) => name !== option.attributeName()));
  };
  command
    .addOption(source('--from-openapi <file>', 'OpenAPI document, 3.0 to 3.2'))
    .addOption(source('--from-har <file>', 'browser recording (HAR)'))
    .addOption(source('--from-postman <file>', 'Postman collection, 2.0 or 2.1'))
    .addOption(source('--from-curl <file>', 'curl command, as browsers copy it'))
    .addOption(source('--from-log <file>', 'access log, in any common format; - is stdin'))
    .option('--url <url>', `address of the service (default: from the source, else ${DEFAULT_URL})`)
    .option('--host <name>', 'recording or log: the host whose requests are taken (default: the one with the most)')
    .option('--out <file>', 'file to write', 'hive.yaml')
    .option('--force', 'overwrite an existing file')
    .option(
      '--most <n>',
      'recording or log: the most requests to keep (default: log 50, recording 200)',
      wholeOption(1, 200),
    )
    .option('--exact-ids', 'recording or log: keep ids in paths instead of drawing keys')
    .option('--seed <n>', 'OpenAPI: seed for the examples', wholeOption(0, 0xffff_ffff), 1)
    .addHelpText('after', EXAMPLES)
    .action(async (options: InitOptions) => done(await init(options)));
  addSharedOptions(command);
}

async function init(options: InitOptions): Promise<number> {
  const config = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ ...config, json, quiet: options.quiet === true });
  const { out, force } = options;
  if (!force && existsSync(out)) throw taken(out);
  const url = options.url === undefined ? undefined : checkedUrl(options.url);
  const { fromOpenapi, fromHar: har, fromPostman: postman, fromCurl: curl, fromLog } = options;
  const source = fromOpenapi ?? har ?? postman ?? curl ?? fromLog ?? null;
  const imported = await importFrom(options, { url, terminal });
  const text = await writeTargetFile(imported, { source: source === '-' ? 'stdin' : source && basename(source) });
  // What was written must be what is read: with the secrets still to be set, everything else is checked here.
  const environment = Object.fromEntries(imported.secrets.map(({ name }) => [name, 'x']));
  await readTargetFile(text, { environment, fileName: out });
  write(out, text, force === true);
  tell(imported, out, terminal);
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, file: out, ...imported })}\n`);
  return EXIT.passed;
}

async function importFrom(
  options: InitOptions,
  { url, terminal }: { url: URL | undefined; terminal: Terminal },
): Promise<Imported> {
  const { fromOpenapi, fromHar: har, fromPostman: postman, fromCurl: curl, fromLog, host, most } = options;
  const { exactIds = false, seed } = options;
  const serverUrl = url === undefined ? {} : { serverUrl: plain(url) };
  const bounds = { exactIds, ...(most === undefined ? {} : { most }), ...(host === undefined ? {} : { host }) };
  const whole = fromOpenapi ?? har ?? postman ?? curl;
  if (whole !== undefined) {
    const { text, warnings } = await readSource(whole, readInput);
    const read = (): Promise<Imported> => {
      if (har !== undefined) return fromHar(text, { ...serverUrl, ...bounds });
      if (postman !== undefined) return fromPostman(text, serverUrl);
      if (curl !== undefined) return fromCurl(text, serverUrl);
      const fileName = whole === '-' ? 'stdin' : whole;
      return fromOpenApi(text, { ...serverUrl, seed, fileName, onProgress: progressOf(terminal) });
    };
    const made = await read();
    return { ...made, notes: [...warnings, ...made.notes] };
  }
  if (fromLog === undefined) return template(url ?? new URL(DEFAULT_URL));
  const imported = await readSource(fromLog, (chunks) =>
    fromAccessLog(chunks, { serverUrl: DEFAULT_URL, ...serverUrl, ...bounds }),
  );
  if (url !== undefined) return imported;
  const assumed = `A log does not contain the server's address: the file has ${DEFAULT_URL}`;
  return { ...imported, notes: [...imported.notes, assumed] };
}

const QUIET_MS = 2_000;

/** Large documents take seconds: says how far it is, from two seconds on. */
function progressOf(terminal: Terminal): (done: number, all: number) => void {
  let last = performance.now();
  return (done, all) => {
    if (performance.now() - last < QUIET_MS) return;
    last = performance.now();
    terminal.progress(`hive: ${done} of ${all} operations read`);
  };
}

/** A file to start with: the address, and one request for its path. */
async function template(url: URL): Promise<Imported> {
  const path = escapeReferences(url.pathname + url.search);
  return {
    target: { url: url.origin, requests: [{ name: 'first', method: 'GET', path, weight: 1 }] },
    summary: '1 request to start with',
    notes: [],
    secrets: [],
    comments: {},
  };
}

function tell({ target, summary, notes, secrets }: Imported, out: string, { print }: Terminal): void {
  print(`${out}: ${summary}`);
  for (const note of notes) print(`  ${note}`);
  const filled = toTarget(target, 'imported');
  const [now, ever] = [neededNames(filled), neededNames({ requests: filled.requests })];
  for (const { name, purpose } of secrets) {
    const isOff = ever.includes(name) && !now.includes(name);
    print(`  Set ${name}${isOff ? ' before you turn writing requests on' : ''}: ${purpose}`);
  }
  const hostname = new URL(target.url ?? DEFAULT_URL).hostname;
  if (!/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)) {
    print(`  ${hostname} is another machine: if you are allowed to load it, set HIVE_ALLOW_TARGETS=${hostname}`);
  }
  const train = (names: readonly string[]): string =>
    [...names.map((name) => `${name}=…`), `hive train ${out}`].join(' ');
  if (filled.requests.some(isRead)) print(`Next: ${train(now)}`);
  else print(`Next: every request writes. If it may, set safety.allowWrites to true in ${out}, then: ${train(ever)}`);
}

function checkedUrl(address: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new HiveError('validation', `--url: '${address}' is not an http:// or https:// address`, {
      hint: `write, for example, --url ${DEFAULT_URL}`,
    });
  }
  if (url.username === '' && url.password === '') return url;
  throw new HiveError('validation', '--url has a user or a password, which the file would store', {
    hint: "leave them out, and write headers: authorization: 'Basic ${BASIC}' in the file",
  });
}

const plain = (url: URL): string => `${url.origin}${url.pathname}`.replace(/\/+$/, '');

function write(out: string, text: string, force: boolean): void {
  try {
    writeFileSync(out, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw taken(out);
    throw new HiveError('validation', `${out} cannot be written (${code ?? 'unknown'})`, {
      hint: 'name another file with --out',
      cause,
    });
  }
}

function taken(out: string): HiveError {
  return new HiveError('conflict', `${out} already exists`, {
    hint: 'use --force to overwrite it, or --out FILE to write another',
  });
}
