import { EXIT, figure } from '@hive/contract';
import type { FaultApi, Practice, PracticeSettings } from '@hive/engine';
import { InvalidArgumentError, type Command } from 'commander';
import { durationOption, wholeOption } from '../arguments/option.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { createTerminal } from '../print/terminal.js';
import { stopSignal } from '../signals.js';

interface PracticeOptions extends SharedOptions, Record<string, unknown> {
  demo?: boolean;
  faultProxy?: boolean;
}

const DEFAULT_PORT = 9_100;

const text = (value: string): string => value;

/** An option for each setting: flags, what it does, how it is read. */
const OPTIONS: [setting: keyof PracticeSettings, flags: string, does: string, parse: (text: string) => unknown][] = [
  ['port', '--port <n>', "the first node's port; 0: a free one (default: 9100)", wholeOption(0, 65_535)],
  ['host', '--host <host>', 'where it listens (default: 127.0.0.1)', text],
  ['workers', '--workers <n>', 'slots of each node (default: 8)', wholeOption(1, 10_000)],
  ['serviceMs', '--service <time>', 'mean time a request holds its slot (default: 20ms)', durationOption],
  [
    'distribution',
    '--distribution <name>',
    'constant, exponential, lognormal, bimodal or pareto (default: constant)',
    text,
  ],
  [
    'queueLimit',
    '--queue <n>',
    'requests that may wait at a node, then 503 (default: unbounded)',
    wholeOption(0, 10_000_000),
  ],
  ['nodes', '--nodes <n>', 'nodes, each with slots and port of its own (default: 1)', wholeOption(1, 64)],
  ['seed', '--seed <n>', 'draws the same service times again (default: 1)', wholeOption(0, 0xffff_ffff)],
  ['slowNode', '--slow-node <n>', 'this node is slower than the others (default: none)', wholeOption(0, 64)],
  ['slowFactor', '--slow-factor <x>', 'so many times (default: 5)', Number],
  ['heavyPath', '--heavy-path <path>', 'path of the heavy class (default: /report)', text],
  [
    'heavyServiceMs',
    '--heavy-service <time>',
    'mean time a heavy request holds its slot (default: 100ms)',
    durationOption,
  ],
  [
    'heavySlots',
    '--heavy-slots <n>',
    'slots of its own for the heavy class; 0: it shares the others (default: 0)',
    wholeOption(0, 10_000),
  ],
  [
    'cacheKeys',
    '--cache-keys <n>',
    'keys of /items/{key} that the cache holds (default: 200)',
    wholeOption(0, 10_000_000),
  ],
  ['cachePolicy', '--cache-policy <name>', 'lru, fifo or none (default: lru)', text],
  ['cacheShared', '--cache-shared', 'one cache for all nodes', text],
  ['hitMs', '--hit-time <time>', 'time a cache hit takes, without a slot (default: 1ms)', durationOption],
  ['maxBodyBytes', '--max-body <size>', 'largest body of /bytes, above it 413 (default: 64MiB)', size],
  [
    'bandwidthBytesPerSecond',
    '--bandwidth <size>',
    'bytes a second that all bodies of a node share (default: unbounded)',
    size,
  ],
  ['transferBytesPerSecond', '--transfer-rate <size>', 'bytes a second of each body (default: unbounded)', size],
  ['transferBurstBytes', '--transfer-burst <size>', 'first bytes of each body that are not slowed (default: 0)', size],
  ['leakBytesPerRequest', '--leak <size>', 'memory that a request leaves behind (default: 0)', size],
  [
    'leakAbovePerSecond',
    '--leak-above <n>',
    'requests a second that leave nothing behind (default: 0)',
    wholeOption(0, 1_000_000),
  ],
  ['leakLimitBytes', '--leak-limit <size>', 'memory leaked at most (default: 512MiB)', size],
  ['collectAtRest', '--collect-at-rest', 'collect garbage at rest, so that resident memory shows what is held', text],
  ['dependency', '--dependency <host:port>', 'a TCP service that answers each line with the same line', text],
  ['withDependency', '--with-dependency', 'start such a service, and use it', text],
  [
    'dependencyDelayMs',
    '--dependency-delay <time>',
    'time that service takes to answer (default: 5ms)',
    durationOption,
  ],
  [
    'dependencyFor',
    '--dependency-for <what>',
    'dependent: only /dependent calls it; all: everything (default: dependent)',
    text,
  ],
  ['dependencyTrips', '--dependency-trips <n>', 'round trips to it for each request (default: 1)', wholeOption(1, 100)],
  ['dependencyTimeoutMs', '--dependency-timeout <time>', 'then the answer is 503 (default: 1s)', durationOption],
  [
    'dependencyConnections',
    '--dependency-connections <n>',
    'connections of each node to it (default: 8)',
    wholeOption(1, 1_000),
  ],
  [
    'dependencyReuse',
    '--dependency-reuse <which>',
    'turn: its connections in turn; last: the one used last (default: turn)',
    text,
  ],
];

const EXAMPLES = `
What it answers:
  /                 holds a slot, as does every path not named here
  /report           the heavy class: holds a slot for longer
  /items/{key}      a cache hit needs no slot, a miss does; says x-cache: HIT or MISS
  /bytes/{n}        n bytes with their content-digest; POST /bytes reads a body and says what arrived
  /dependent        calls the dependency first
  /metrics          Prometheus text, at once

Sizes are written 800, 64KiB, 5MB. How each limit follows from the settings: docs/practice-target.md

Examples:
  hive practice                                8 slots of 20 ms: exactly 400 requests a second
  hive practice --workers 4 --service 50ms     80 requests a second
  hive practice --nodes 3 --port 9100          three nodes on 9100, 9101 and 9102
  hive practice --nodes 3 --slow-node 2        the second takes five times as long
  hive practice --distribution exponential --queue 100
  hive practice --heavy-service 200ms --heavy-slots 2     heavy requests cannot crowd the others out
  hive practice --cache-keys 1000 --cache-policy fifo
  hive practice --transfer-rate 2500kB --transfer-burst 512KiB
  hive practice --leak 4KiB --leak-above 150   leaks when more than 150 requests a second come
  hive practice --with-dependency --dependency-for all --dependency-trips 3
  hive practice --fault-proxy                  with a dependency, and a fault proxy between
  hive practice --demo                         what hive up --demo starts`;

export function define(command: Command, done: (exitCode: number) => void): void {
  for (const [, flags, does, parse] of OPTIONS) {
    if (flags.includes('<')) command.option(flags, does, parse);
    else command.option(flags, does);
  }
  command
    .option('--fault-proxy', 'start a dependency with a fault proxy before it, ruled over HTTP like Toxiproxy')
    .option('--demo', 'three nodes and something for every kind of scenario; other options win')
    .addHelpText('after', EXAMPLES)
    .action(async (options: PracticeOptions) => done(await practice(options)));
  addSharedOptions(command);
}

async function practice(options: PracticeOptions): Promise<number> {
  const { colorAllowed } = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ colorAllowed, json, quiet: options.quiet === true });
  const signal = stopSignal();
  const { startPractice, startFaultApi } = await import('@hive/engine');
  let faults: FaultApi | undefined;
  const between = async (upstream: string): Promise<{ address: string; api: string }> => {
    faults = await startFaultApi({ port: 0, populate: [{ name: 'dependency', listen: '127.0.0.1:0', upstream }] });
    return { address: faults.proxies()[0]?.listen ?? upstream, api: faults.url };
  };
  const proxied = options.faultProxy === true || options.demo === true;
  try {
    const target = await startPractice(toSettings(options), {
      demo: options.demo === true,
      ...(proxied ? { between } : {}),
    });
    if (json) process.stdout.write(`${JSON.stringify(shown(target))}\n`);
    for (const line of words(target)) terminal.print(line);
    terminal.progress('Ctrl-C ends it.');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await target.close();
  } finally {
    await faults?.close();
  }
  return EXIT.passed;
}

/** The settings that were given; what was not keeps its default. */
function toSettings(options: PracticeOptions): Partial<PracticeSettings> {
  const given = OPTIONS.map(([setting, flags]) => [setting, options[attribute(flags)]] as const);
  const settings = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const own = options.faultProxy && settings['dependency'] === undefined ? { withDependency: true } : {};
  return { port: DEFAULT_PORT, ...own, ...settings };
}

/** `--slow-node <n>` → `slowNode`, as commander names it. */
const attribute = (flags: string): string =>
  (flags.split(' ')[0] ?? '').slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const shown = ({ url, nodes, pid, dependency, faultProxy, settings }: Practice): object => ({
  url,
  nodes,
  pid,
  dependency,
  faultProxy,
  settings,
});

function words({ nodes, settings, dependency, faultProxy }: Practice): string[] {
  const whole = settings.slowNode > 0 ? settings.nodes - 1 + 1 / settings.slowFactor : settings.nodes;
  const capacity = figure((whole * settings.workers * 1_000) / settings.serviceMs);
  return [
    `The practice target can take ${capacity} requests a second at:`,
    ...nodes.map((node) => `  ${node.url}  (${node.id})`),
    ...(dependency === null ? [] : [`Its dependency: ${dependency}`]),
    ...(faultProxy === null ? [] : [`The fault proxy between them: ${faultProxy}`]),
  ];
}

const UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** `800`, `64KiB`, `5MB`, `5MB/s` → bytes. */
function size(value: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b?)(?:\/s)?$/i.exec(value.trim());
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()];
  if (match && unit !== undefined) return Math.round(Number(match[1]) * unit);
  throw new InvalidArgumentError('Write a size such as 800, 64KiB or 5MB.');
}
