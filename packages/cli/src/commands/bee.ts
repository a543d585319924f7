import { EXIT, HiveError } from '@hive/contract';
import { readCeiling } from '@hive/engine';
import type { Command } from 'commander';
import { wholeOption } from '../arguments/option.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { createTerminal } from '../print/terminal.js';
import { stopSignal } from '../signals.js';

interface BeeCommandOptions extends SharedOptions {
  threads: number;
  maxRate?: number;
  maxConnections?: number;
  maxSeconds?: number;
  joinFile?: string;
}

/** What a target's `${NAME}` may be filled from here: nobody may have other variables of this machine sent anywhere. */
const SECRET_PREFIX = 'HIVE_SECRET_';

const EXAMPLES = `
Examples:
  HIVE_JOIN=hive-join-… hive bee                   joins a fleet, and sends what its Hive orders
  hive bee                                         goes on with the membership in the data directory
  hive bee --join-file /run/secrets/join           waits for the join string where it is put there later
  HIVE_ALLOW_TARGETS=shop.example.org hive bee     what may be loaded is decided here
  hive bee --threads 4 --max-rate 5000             never more than 5000 requests/s, whatever it is told

A join string is a secret: pass it in HIVE_JOIN or in a file, not as an argument. It is good once.`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .option('--join-file <file>', 'take the join string from this file, as soon as it has one (default: HIVE_JOIN)')
    .option('--threads <n>', 'sending threads', wholeOption(1, 64), 1)
    .option('--max-rate <n>', 'the most requests/s that this machine sends', wholeOption(1, 10_000_000))
    .option('--max-connections <n>', 'the most connections that it opens', wholeOption(1, 1_000_000))
    .option('--max-seconds <n>', 'the longest run that it takes part in', wholeOption(1, 10_000_000))
    .addHelpText('after', EXAMPLES)
    .action(async (options: BeeCommandOptions) => done(await bee(options)));
  addSharedOptions(command);
}

async function bee(options: BeeCommandOptions): Promise<number> {
  const config = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ ...config, json, quiet: options.quiet === true });
  const signal = stopSignal();
  const { openMembership, startBee } = await import('@hive/fleet');
  const log = (text: string): void => terminal.progress(`hive: ${text}`);
  const waiting = { signal, wait: log };
  const by = options.joinFile === undefined ? { word: config.join } : { file: options.joinFile };
  const dataDirectory = options.data ?? config.dataDirectory;
  const { membership, keep } = await openMembership(dataDirectory, by, waiting);
  const { threads, maxRate = Infinity, maxConnections = Infinity, maxSeconds = Infinity } = options;
  const running = await startBee({
    membership,
    keep,
    threads,
    perSecond: perSecondOf(dataDirectory, threads),
    allowTargets: config.allowTargets,
    environment: Object.fromEntries(
      Object.entries(config.environment).filter(([name]) => name.startsWith(SECRET_PREFIX)),
    ),
    caps: { maxRate, maxConnections, maxSeconds },
    log,
  });
  const { name, region } = membership;
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, name, region })}\n`);
  terminal.print(`Load generator ${name}${region === null ? '' : ` in ${region}`} is ready.`);
  const asked = new Promise<null>((stop) => {
    if (signal.aborted) stop(null);
    signal.addEventListener('abort', () => stop(null), { once: true });
  });
  // Lines that break are made again: one that is closed is closed for good.
  const closed = running.connection.closed().then(() => shutOut(membership));
  const problem = await Promise.race([asked, closed]);
  if (problem !== null) {
    await running.close();
    throw problem;
  }
  // A run under way is finished first.
  await running.drain();
  return EXIT.passed;
}

/** What `hive doctor` measured with this data directory, for this many threads, requests/s; null: nothing. */
function perSecondOf(dataDirectory: string, threads: number): number | null {
  const { ceiling } = readCeiling(dataDirectory);
  const plain = ceiling?.shapes.find(({ shape }) => shape === 'plain');
  return ceiling === null || plain === undefined ? null : (plain.ratePerSecond * threads) / ceiling.threads;
}

function shutOut({ name, url }: { name: string; url: string }): HiveError {
  return new HiveError('unauthorized', `the NATS server at ${url} lets ${name} in no more`, {
    hint: `its credential has ended: hive fleet revoke ${name}, then give it a new invitation`,
  });
}
