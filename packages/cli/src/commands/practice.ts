import { EXIT } from '@hive/contract';
import type { Distribution } from '@hive/engine';
import type { Command } from 'commander';
import { durationOption, wholeOption } from '../arguments/option.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { figure } from '../print/figures.js';
import { createTerminal } from '../print/terminal.js';
import { stopSignal } from '../signals.js';

interface PracticeOptions extends SharedOptions {
  port: number;
  host: string;
  workers: number;
  service: number;
  distribution: string;
  queue?: number;
  nodes: number;
  seed: number;
}

const EXAMPLES = `
Examples:
  hive practice                                8 slots of 20 ms: exactly 400 requests a second
  hive practice --workers 4 --service 50ms     80 requests a second
  hive practice --nodes 3 --port 9100          three nodes on 9100, 9101 and 9102
  hive practice --distribution exponential --queue 100`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .option('--port <n>', "the first node's port; 0: a free one", wholeOption(0, 65_535), 9_100)
    .option('--host <host>', 'where it listens', '127.0.0.1')
    .option('--workers <n>', 'slots of each node', wholeOption(1, 10_000), 8)
    .option('--service <time>', 'mean time a request holds its slot', durationOption, 20)
    .option('--distribution <name>', 'constant, exponential, lognormal, bimodal or pareto', 'constant')
    .option(
      '--queue <n>',
      'requests that may wait at a node, then 503 (default: unbounded)',
      wholeOption(0, 10_000_000),
    )
    .option('--nodes <n>', 'nodes, each with slots and port of its own', wholeOption(1, 64), 1)
    .option('--seed <n>', 'draws the same service times again', wholeOption(0, 0xffff_ffff), 1)
    .addHelpText('after', EXAMPLES)
    .action(async (options: PracticeOptions) => done(await practice(options)));
  addSharedOptions(command);
}

async function practice(options: PracticeOptions): Promise<number> {
  const { colorAllowed } = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ colorAllowed, json, quiet: options.quiet === true });
  const signal = stopSignal();
  const { startPractice } = await import('@hive/engine');
  const target = await startPractice({
    port: options.port,
    host: options.host,
    workers: options.workers,
    serviceMs: options.service,
    distribution: options.distribution as Distribution,
    ...(options.queue === undefined ? {} : { queueLimit: options.queue }),
    nodes: options.nodes,
    seed: options.seed,
  });
  if (json) process.stdout.write(`${JSON.stringify({ url: target.url, nodes: target.nodes, pid: process.pid })}\n`);
  const capacity = figure((options.nodes * options.workers * 1_000) / options.service);
  terminal.print(`The practice target can take ${capacity} requests a second at:`);
  for (const node of target.nodes) terminal.print(`  ${node.url}  (${node.id})`);
  terminal.progress('Ctrl-C ends it.');

  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await target.close();
  return EXIT.passed;
}
