import { readFile } from 'node:fs/promises';
import { EXIT, HiveError } from '@hive/contract';
import { startFaultApi } from '@hive/engine';
import type { Command } from 'commander';
import { wholeOption } from '../arguments/option.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { createTerminal } from '../print/terminal.js';
import { stopSignal } from '../signals.js';

interface ProxyOptions extends SharedOptions {
  port: number;
  populate?: string;
  seed: number;
}

const EXAMPLES = `
Examples:
  hive proxy                              Toxiproxy's HTTP API on 127.0.0.1:8474
  hive proxy --populate proxies.json      starts with [{"name":"db","listen":"127.0.0.1:15432","upstream":"127.0.0.1:5432"}]
  curl -d '{"type":"latency","attributes":{"latency":100}}' localhost:8474/proxies/db/toxics`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .option('--port <n>', 'port of the HTTP API; 0: a free port', wholeOption(0, 65_535), 8_474)
    .option('--populate <file>', 'JSON list of proxies to start with')
    .option('--seed <n>', 'seed for which connections get faults', wholeOption(0, 0xffff_ffff), 1)
    .addHelpText('after', EXAMPLES)
    .action(async (options: ProxyOptions) => done(await proxy(options)));
  addSharedOptions(command);
}

async function proxy(options: ProxyOptions): Promise<number> {
  const { allowTargets, colorAllowed, columns } = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({
    colorAllowed,
    columns,
    json,
    quiet: options.quiet === true,
  });
  const signal = stopSignal();
  const populate = options.populate === undefined ? undefined : await readProxies(options.populate);
  const { port, seed } = options;
  const api = await startFaultApi({
    port,
    seed,
    allow: allowTargets,
    ...(populate === undefined ? {} : { populate }),
  });
  if (json) process.stdout.write(`${JSON.stringify({ url: api.url, proxies: api.proxies(), pid: process.pid })}\n`);
  terminal.print(`Fault proxy with Toxiproxy's API at ${api.url}`);
  for (const { name, listen, upstream } of api.proxies()) terminal.print(`  ${name}: ${listen} → ${upstream}`);
  terminal.progress('Press Ctrl-C to stop.');

  if (!signal.aborted) await new Promise((stop) => signal.addEventListener('abort', stop, { once: true }));
  await api.close();
  return EXIT.passed;
}

async function readProxies(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const hint = 'give a JSON list of { name, listen, upstream }';
    throw new HiveError('validation', `--populate ${file}: ${(cause as Error).message}`, { hint, cause });
  }
}
