import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { EXIT, HiveError } from '@hive/contract';
import {
  escapeReferences,
  fromAccessLog,
  fromHar,
  fromOpenApi,
  readTargetFile,
  writeTargetFile,
  type Imported,
} from '@hive/engine';
import { Option, type Command } from 'commander';
import { wholeOption } from '../arguments/option.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { createTerminal, type Terminal } from '../print/terminal.js';

interface InitOptions extends SharedOptions {
  fromOpenapi?: string;
  fromHar?: string;
  fromLog?: string;
  url?: string;
  out: string;
  force?: boolean;
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
  hive init --from-log access.log.gz --url http://127.0.0.1:8080
  zcat access.log.*.gz | hive init --from-log - --most 20 --out shop.yaml

Writing requests are included, but not sent until safety.allowWrites is true.
Then run hive train hive.yaml or hive run hive.yaml`;

export function define(command: Command, done: (exitCode: number) => void): void {
  const source = (flags: string, does: string, others: string[]): Option => new Option(flags, does).conflicts(others);
  command
    .addOption(source('--from-openapi <file>', 'OpenAPI document, 3.0 or 3.1', ['fromHar', 'fromLog']))
    .addOption(source('--from-har <file>', 'browser recording (HAR)', ['fromOpenapi', 'fromLog']))
    .addOption(source('--from-log <file>', 'access log of nginx or Apache; - is stdin', ['fromOpenapi', 'fromHar']))
    .option('--url <url>', `address of the service (default: from the source, else ${DEFAULT_URL})`)
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
  const source = options.fromOpenapi ?? options.fromHar ?? options.fromLog ?? null;
  const imported = await importFrom(options, url);
  const text = await writeTargetFile(imported, { source: source === '-' ? 'a log' : source && basename(source) });
  // What was written must be what is read: with the secrets still to be set, everything else is checked here.
  const environment = Object.fromEntries(imported.secrets.map(({ name }) => [name, 'x']));
  await readTargetFile(text, { environment, fileName: out });
  write(out, text, force === true);
  tell(imported, out, terminal);
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, file: out, ...imported })}\n`);
  return EXIT.passed;
}

async function importFrom(options: InitOptions, url: URL | undefined): Promise<Imported> {
  const { fromOpenapi, fromHar: har, fromLog, most, exactIds = false, seed } = options;
  const serverUrl = url === undefined ? {} : { serverUrl: plain(url) };
  const bounds = { exactIds, ...(most === undefined ? {} : { most }) };
  if (fromOpenapi !== undefined) return fromOpenApi(readText(fromOpenapi), { ...serverUrl, seed });
  if (har !== undefined) return fromHar(readText(har), { ...serverUrl, ...bounds });
  if (fromLog === undefined) return template(url ?? new URL(DEFAULT_URL));
  const imported = await readLog(fromLog, (chunks) =>
    fromAccessLog(chunks, { serverUrl: DEFAULT_URL, ...serverUrl, ...bounds }),
  );
  if (url !== undefined) return imported;
  const assumed = `A log does not contain the server's address: the file has ${DEFAULT_URL}`;
  return { ...imported, notes: [...imported.notes, assumed] };
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
  for (const { name, purpose } of secrets) print(`  Set ${name}: ${purpose}`);
  const hostname = new URL(target.url ?? DEFAULT_URL).hostname;
  if (!/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)) {
    print(`  ${hostname} is another machine: if you are allowed to load it, set HIVE_ALLOW_TARGETS=${hostname}`);
  }
  print(`Next: hive train ${out}`);
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

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readLog<Result>(
  path: string,
  read: (chunks: AsyncIterable<Buffer>) => Promise<Result>,
): Promise<Result> {
  try {
    return await read(chunksOf(path));
  } catch (cause) {
    if (cause instanceof HiveError) throw cause;
    throw unreadable(path, cause);
  }
}

/** Opens the log when it is first read: a stream that nobody listens to yet must not fail. */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
  yield* (path.endsWith('.gz') ? file.compose<NodeJS.ReadWriteStream>(createGunzip()) : file) as AsyncIterable<Buffer>;
}

function unreadable(path: string, cause: unknown): HiveError {
  const why = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : 'unreadable');
  return new HiveError('validation', `${path} cannot be read (${why})`, { hint: 'name an existing file', cause });
}

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
