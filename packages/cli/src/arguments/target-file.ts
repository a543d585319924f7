import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  HiveError,
  targetInputSchema,
  toTarget,
  unfitRule,
  unknownClassOf,
  withConnectTo,
  withHeaders,
  type Target,
  type Tls,
} from '@hive/contract';
import {
  checkSecrets,
  isCurl,
  readTargetFile,
  readTls,
  type Blocks,
  type BlockValues,
  type Environment,
} from '@hive/engine';
import type { Command, Option } from 'commander';
import type { Caps } from './plan.js';
import { fromCurlCommand } from './curl.js';
import { addressName, headersOf, tlsOf, toRequestTarget, type RequestOptions } from './request.js';

/** Options for where results go or what is requested: a file or the environment cannot set them. */
const NOT_IN_BLOCKS: ReadonlySet<string> = new Set([
  'data',
  'json',
  'quiet',
  'request',
  'header',
  'body',
  'objective',
  'insecure',
  'cert',
  'key',
  'cacert',
  'connectTo',
  'unixSocket',
  'user',
  'keepalive',
  'location',
  // It is named once a session.
  'production',
]);

/**
 * Reads the argument of a command that sends requests: a URL, or a hive.yaml whose target is taken and whose block of the
 * command's name gives defaults. An option comes from the command line, else from `HIVE_<OPTION>` in the environment, else from
 * the file, else from its default. `caps` are those that the file writes for its target; `nameOf` says what an option is called where its value
 * was given, such as `--hold`, `HIVE_HOLD` or `train.hold`.
 * @throws HiveError `validation` with everything that is wrong.
 */
export async function readTarget<Options extends RequestOptions>(
  argument: string,
  given: Options,
  { command, environment }: { command: Command; environment: Environment },
): Promise<{ target: Target; options: Options; caps: Caps; nameOf: NameOf }> {
  if (given.location === true)
    throw new HiveError('validation', '-L: redirects are not followed', {
      hint: 'name the address that the redirect points to: it is what you want to measure',
    });
  const fromEnvironment = environmentOptions(command, environment);
  if (!isFile(argument)) {
    const options = layered(command, given, [fromEnvironment]);
    const curl = isCurl(argument)
      ? await fromCurlCommand(argument, options)
      : { address: argument, options, notes: [] };
    for (const note of curl.notes) process.stderr.write(`hive: ${note}\n`);
    const target = toRequestTarget(curl.address, curl.options);
    checkSecrets(target, environment);
    readTls(target.tls, environment);
    return { target, options, caps: {}, nameOf: namesIn(command, { fromFile: {}, fromEnvironment }) };
  }
  const blocks: Blocks = { [command.name()]: readersOf(command) };
  const file = await readTargetFile(readText(argument), {
    environment,
    fileName: argument,
    blocks,
    readFile: besides(argument),
  });
  const values: BlockValues = file.blocks;
  const fromFile = values[command.name()] ?? {};
  const options = layered(command, given, [fromFile, fromEnvironment]);
  const parsed = targetInputSchema.parse(file.target);
  const [node] = parsed.nodes ?? [];
  const url = new URL(parsed.url ?? (node?.url as string));
  const written = besideFile(toTarget(parsed, addressName(node?.socket ?? url.host, url)), argument);
  const target = withOptions(written, options);
  checkSecrets(target, environment);
  readTls(target.tls, environment);
  const nameOf = namesIn(command, { fromFile, fromEnvironment });
  return { target, options, caps: file.target.safety ?? {}, nameOf };
}

/** Options of a command without a target: those of the command line, else `HIVE_<OPTION>` in the environment. @throws HiveError `validation`. */
export function withEnvironment<Options extends RequestOptions>(
  given: Options,
  { command, environment }: { command: Command; environment: Environment },
): { options: Options; nameOf: NameOf } {
  const fromEnvironment = environmentOptions(command, environment);
  return {
    options: layered(command, given, [fromEnvironment]),
    nameOf: namesIn(command, { fromFile: {}, fromEnvironment }),
  };
}

/** By the name that an option has in the code. */
export type NameOf = (option: string) => string;

function namesIn(
  command: Command,
  { fromFile, fromEnvironment }: { fromFile: Record<string, unknown>; fromEnvironment: Record<string, unknown> },
): NameOf {
  return (name) => {
    const option = command.options.find((one) => one.attributeName() === name);
    if (option === undefined) return name;
    if (command.getOptionValueSource(name) !== 'cli') {
      if (Object.hasOwn(fromEnvironment, name)) return variableOf(option);
      if (Object.hasOwn(fromFile, name)) return `${command.name()}.${name}`;
    }
    return `--${option.name()}`;
  };
}

/** A name that ends like a file, or a path to one; with a scheme or a port it is a URL. */
export function isFile(argument: string): boolean {
  if (isCurl(argument)) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(argument) || /^[^/\\]+:\d+(?:[/?]|$)/.test(argument)) return false;
  if (/\.ya?ml$/i.test(argument)) return true;
  if (!/\.json$|^\.{0,2}\//i.test(argument)) return false;
  return statSync(argument, { throwIfNoEntry: false })?.isDirectory() === false;
}

/** Reads files that are named relative to the folder of another. */
function besides(path: string): (named: string) => Uint8Array {
  return (named) => readFileSync(resolve(dirname(path), named));
}

/** Files that a target names lie where its own file says. */
function besideFile(given: Target, path: string): Target {
  const users = given.auth?.users;
  const auth = given.auth && users !== undefined && { ...given.auth, users: resolve(dirname(path), users) };
  const target = auth ? { ...given, auth } : given;
  if (target.tls === undefined) return target;
  const { serverName, ...files } = target.tls;
  const found = Object.entries(files).map(([name, text = '']) => [
    name,
    /-----BEGIN|\$\{/.test(text) ? text : resolve(dirname(path), text),
  ]);
  return { ...target, tls: { ...(Object.fromEntries(found) as Tls), ...(serverName !== undefined && { serverName }) } };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new HiveError('validation', `${path} cannot be read (${code})`, {
      hint: 'name a hive.yaml, or create one with hive init',
      cause,
    });
  }
}

/** What the command line says of the target wins over the file. */
function withOptions(target: Target, options: RequestOptions): Target {
  const ofRequests = 'set method and body under requests in the file; writes need safety.allowWrites: true';
  for (const { flag, value, hint } of [
    { flag: '-X', value: options.request, hint: ofRequests },
    { flag: '--body', value: options.body, hint: ofRequests },
    { flag: '--unix-socket', value: options.unixSocket, hint: 'set socket beside url, under nodes in the file' },
  ]) {
    if (value === undefined) continue;
    throw new HiveError('validation', `${flag} works with a URL only: a file describes its own target`, { hint });
  }
  const unknown = unknownClassOf(options.objective ?? [], target.requests);
  if (unknown !== null) throw new HiveError('validation', `--objective: ${unknown.message}`);
  const added = headersOf(options);
  const requests = target.requests.map((request) => ({ ...request, headers: withHeaders(request.headers, added) }));
  const { connectTo } = options;
  const unfit = connectTo === undefined ? null : unfitRule(target.nodes, connectTo);
  if (unfit !== null)
    throw new HiveError('validation', `--connect-to: ${unfit} fits no node`, {
      hint: "its first two parts are the host and the port of a node's url",
    });
  const tls = tlsOf(options);
  return {
    ...target,
    ...(connectTo === undefined ? {} : { nodes: withConnectTo(target.nodes, connectTo) }),
    ...(tls === null ? {} : { tls: { ...target.tls, ...tls } }),
    requests,
    objectives: options.objective ?? target.objectives,
    insecure: options.insecure ?? target.insecure,
  };
}

/** The later layers win; what was given on the command line wins over all of them. */
function layered<Options extends RequestOptions>(
  command: Command,
  given: Options,
  layers: readonly Record<string, unknown>[],
): Options {
  const result: Options = { ...given };
  for (const layer of layers) {
    const free = Object.entries(layer).filter(([name]) => command.getOptionValueSource(name) !== 'cli');
    Object.assign(result, Object.fromEntries(free));
  }
  return result;
}

const defaultsOf = (command: Command): Option[] =>
  command.options.filter((option) => !option.negate && !NOT_IN_BLOCKS.has(option.attributeName()));

/** `HIVE_BUDGET`, `HIVE_MAX_WAITING` … @throws HiveError `validation`. */
function environmentOptions(command: Command, environment: Environment): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const option of defaultsOf(command)) {
    const name = variableOf(option);
    const text = environment[name];
    if (text === undefined || text === '') continue;
    try {
      values[option.attributeName()] = readOption(option, text);
    } catch (error) {
      throw new HiveError('validation', `${name}: ${(error as Error).message}`, {
        hint: `${name} sets ${option.flags}: correct it, or unset it`,
      });
    }
  }
  return values;
}

function variableOf(option: Option): string {
  return `HIVE_${option.name().replaceAll('-', '_').toUpperCase()}`;
}

/** By the names that the command's own options have in a block, such as `maxWaiting`. */
function readersOf(command: Command): Blocks[string] {
  return Object.fromEntries(
    defaultsOf(command).map((option) => [option.attributeName(), (value: unknown) => readOption(option, value)]),
  );
}

/** Reads a value as the option itself would. A list is joined where the option takes one, else given one after another. */
function readOption(option: Option, value: unknown): unknown {
  if (!option.required && !option.optional) return readSwitch(value);
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.map((one) => {
    if (typeof one === 'string' || typeof one === 'number') return String(one);
    throw new Error(`must be a string or a number, as in ${option.flags}`);
  });
  const parts = option.flags.includes('<list>') ? [texts.join(',')] : texts;
  let result: unknown;
  for (const part of parts) result = option.parseArg ? option.parseArg(part, result) : part;
  return result;
}

function readSwitch(value: unknown): boolean {
  if (value === true || value === 'true' || value === '1') return true;
  if (value === false || value === 'false' || value === '0') return false;
  throw new Error('must be true or false');
}
