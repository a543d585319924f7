import { EXIT, figure } from '@hive/contract';
import { startFaultApi, startPractice, type FaultApi, type Practice, type PracticeSettings } from '@hive/engine';
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
  ['port', '--port <n>', 'port of the first node; 0: a free port (default: 9100)', wholeOption(0, 65_535)],
  ['host', '--host <host>', 'address to listen on (default: 127.0.0.1)', text],
  ['workers', '--workers <n>', 'slots per node (default: 8)', wholeOption(1, 10_000)],
  ['serviceMs', '--service <time>', 'mean time that a request holds its slot (default: 20ms)', durationOption],
  [
    'distribution',
    '--distribution <name>',
    'constant, exponential, lognormal, bimodal or pareto (default: constant)',
    text,
  ],
  [
    'queueLimit',
    '--queue <n>',
    'the most requests waiting at a node; more get 503 (default: unbounded)',
    wholeOption(0, 10_000_000),
  ],
  ['nodes', '--nodes <n>', 'nodes, each with its own slots and port (default: 1)', wholeOption(1, 64)],
  ['seed', '--seed <n>', 'seed for the service times (default: 1)', wholeOption(0, 0xffff_ffff)],
  ['slowNode', '--slow-node <n>', 'number of a slower node (default: none)', wholeOption(0, 64)],
  ['slowFactor', '--slow-factor <x>', 'how many times slower it is (default: 5)', Number],
  ['heavyPath', '--heavy-path <path>', 'path of the heavy class (default: /report)', text],
  [
    'heavyServiceMs',
    '--heavy-service <time>',
    'mean time that a heavy request holds its slot (default: 100ms)',
    durationOption,
  ],
  [
    'heavySlots',
    '--heavy-slots <n>',
    'separate slots for the heavy class; 0: it shares the others (default: 0)',
    wholeOption(0, 10_000),
  ],
  ['cacheKeys', '--cache-keys <n>', 'cache size in keys of /items/{key} (default: 200)', wholeOption(0, 10_000_000)],
  ['cachePolicy', '--cache-policy <name>', 'lru, fifo or none (default: lru)', text],
  ['cacheShared', '--cache-shared', 'one cache for all nodes', text],
  ['hitMs', '--hit-time <time>', 'time of a cache hit, which needs no slot (default: 1ms)', durationOption],
  ['maxBodyBytes', '--max-body <size>', 'largest body of /bytes; larger ones get 413 (default: 64MiB)', size],
  [
    'bandwidthBytesPerSecond',
    '--bandwidth <size>',
    'bytes/s shared by all bodies of a node (default: unbounded)',
    size,
  ],
  ['transferBytesPerSecond', '--transfer-rate <size>', 'bytes/s of each body (default: unbounded)', size],
  ['transferBurstBytes', '--transfer-burst <size>', 'first bytes of each body at full speed (default: 0)', size],
  ['leakBytesPerRequest', '--leak <size>', 'memory leaked per request (default: 0)', size],
  [
    'leakAbovePerSecond',
    '--leak-above <n>',
    'requests/s up to which nothing leaks (default: 0)',
    wholeOption(0, 1_000_000),
  ],
  ['leakLimitBytes', '--leak-limit <size>', 'the most memory leaked (default: 512MiB)', size],
  [
    'collectAtRest',
    '--collect-at-rest',
    'collect garbage while idle, so that resident memory shows only what is in use',
    text,
  ],
  ['dependency', '--dependency <host:port>', 'a TCP service that answers each line with the same line', text],
  ['withDependency', '--with-dependency', 'start such a service and use it', text],
  ['dependencyDelayMs', '--dependency-delay <time>', 'response time of that service (default: 5ms)', durationOption],
  [
    'dependencyFor',
    '--dependency-for <what>',
    'dependent: only /dependent calls it; all: every path does (default: dependent)',
    text,
  ],
  ['dependencyTrips', '--dependency-trips <n>', 'round trips to it per request (default: 1)', wholeOption(1, 100)],
  [
    'dependencyTimeoutMs',
    '--dependency-timeout <time>',
    'time to wait for it before answering 503 (default: 1s)',
    durationOption,
  ],
  [
    'dependencyConnections',
    '--dependency-connections <n>',
    'connections to it per node (default: 8)',
    wholeOption(1, 1_000),
  ],
  [
    'dependencyReuse',
    '--dependency-reuse <which>',
    'turn: use connections in turn; last: reuse the most recent one (default: turn)',
    text,
  ],
];

const EXAMPLES = `
Paths:
  /                 takes a slot, as does every path not listed here
  /report           heavy class: takes a slot for longer
  /items/{key}      a miss takes a slot, a cache hit does not; answers with x-cache: HIT or MISS
  /bytes/{n}        n bytes with their content-digest; POST /bytes reads a body and reports what arrived
  /dependent        calls the dependency first
  /metrics          Prometheus text, without a slot

Write sizes as 800, 64KiB or 5MB. docs/practice-target.md shows how the limits follow from the settings.

Examples:
  hive practice                                8 slots of 20 ms: exactly 400 requests/s
  hive practice --workers 4 --service 50ms     80 requests/s
  hive practice --nodes 3 --port 9100          three nodes on ports 9100, 9101 and 9102
  hive practice --nodes 3 --slow-node 2        the second node takes five times as long
  hive practice --distribution exponential --queue 100
  hive practice --heavy-service 200ms --heavy-slots 2     heavy requests cannot crowd out the others
  hive practice --cache-keys 1000 --cache-policy fifo
  hive practice --transfer-rate 2500kB --transfer-burst 512KiB
  hive practice --leak 4KiB --leak-above 150   leaks above 150 requests/s
  hive practice --with-dependency --dependency-for all --dependency-trips 3
  hive practice --fault-proxy                  with a dependency behind a fault proxy
  hive practice --demo                         the target that hive up --demo starts`;

export function define(command: Command, done: (exitCode: number) => void): void {
  for (const [, flags, does, parse] of OPTIONS) {
    if (flags.includes('<')) command.option(flags, does, parse);
    else command.option(flags, does);
  }
  command
    .option('--fault-proxy', "start a dependency behind a fault proxy that has Toxiproxy's HTTP API")
    .option('--demo', 'three nodes and settings for every kind; other options override them')
    .addHelpText('after', EXAMPLES)
    .action(async (options: PracticeOptions) => done(await practice(options)));
  addSharedOptions(command);
}

async function practice(options: PracticeOptions): Promise<number> {
  const { colorAllowed, columns } = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ colorAllowed, columns, json, quiet: options.quiet === true });
  const signal = stopSignal();
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
    terminal.progress('Press Ctrl-C to stop.');
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
    `Practice target, capacity ${capacity} requests/s:`,
    ...nodes.map((node) => `  ${node.url}  (${node.id})`),
    ...(dependency === null ? [] : [`Dependency: ${dependency}`]),
    ...(faultProxy === null ? [] : [`Fault proxy API: ${faultProxy}`]),
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
