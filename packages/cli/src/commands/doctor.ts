import { accessSync, constants } from 'node:fs';
import { EXIT, HiveError, type MachineState } from '@hive/contract';
import { createThreadLoad, keepCeiling, makeDirectory, measureCeiling, realClock, watchOthers } from '@hive/engine';
import type { Command } from 'commander';
import { wholeOption } from '../arguments/option.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import { loadCliConfig } from '../config.js';
import { keptLine, printCeiling } from '../print/doctor.js';
import { createTerminal } from '../print/terminal.js';
import { stopSignal } from '../signals.js';

interface DoctorOptions extends SharedOptions {
  threads: number;
  quick?: boolean;
  runAnyway?: boolean;
}

/** All trials together last at most 18 times as long: 36 s, or 9 s. */
const TRIAL_MS = 2_000;
const QUICK_TRIAL_MS = 500;

const EXAMPLES = `
Examples:
  hive doctor                 measure what this machine can send, and save it in the data directory
  hive doctor --threads 2     the same with two sending threads
  hive doctor --run-anyway    measure on a busy machine too, and save nothing there
  hive doctor --quick --json  within ten seconds, for scripts`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .option('--threads <n>', 'sending threads', wholeOption(1, 64), 1)
    .option('--quick', 'shorter trials, less exact figures')
    .option('--run-anyway', 'measure even while other processes use this machine; nothing is saved then')
    .addHelpText('after', EXAMPLES)
    .action(async (options: DoctorOptions) => done(await doctor(options)));
  addSharedOptions(command);
}

async function doctor(options: DoctorOptions): Promise<number> {
  const config = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ ...config, json, quiet: options.quiet === true });
  const directory = options.data ?? config.dataDirectory;
  await claimDirectory(directory);
  const signal = stopSignal();
  const others = await watchOthers({ clock: realClock, signal });
  const before = await others.before();
  if (before !== null && options.runAnyway !== true) throw busyMachine(before);
  const load = createThreadLoad({ threads: options.threads });
  try {
    const ceiling = await measureCeiling({
      load,
      threads: options.threads,
      trialMs: options.quick ? QUICK_TRIAL_MS : TRIAL_MS,
      signal,
      progress: (text) => terminal.progress(`hive: ${text}`),
      wall: () => realClock.wall(),
    });
    if (ceiling.shapes.length === 0 && !signal.aborted) throw nothingFound();
    const busy = before ?? others.since();
    printCeiling(ceiling, terminal);
    if (!signal.aborted) terminal.print(keptLine(busy === null ? { path: keepCeiling(directory, ceiling) } : { busy }));
    if (json) process.stdout.write(`${JSON.stringify(ceiling)}\n`);
    if (signal.aborted) return EXIT.aborted;
    return busy === null ? EXIT.passed : EXIT.invalid;
  } finally {
    terminal.clear();
    await load.close();
  }
}

/** Checked first: nobody wants to wait half a minute to learn that nothing can be saved. @throws HiveError `data_directory`. */
async function claimDirectory(directory: string): Promise<void> {
  try {
    makeDirectory(directory);
    accessSync(directory, constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const hint = 'name a writable directory with --data';
    throw new HiveError('data_directory', `${directory} cannot be written (${code})`, { hint, cause });
  }
}

function busyMachine(machine: MachineState): HiveError {
  return new HiveError('invalid_measurement', machine.text.replace(/\.$/, ''), {
    hint: 'run hive doctor again when this machine is quiet; --run-anyway measures all the same and saves nothing',
    details: { machine },
  });
}

function nothingFound(): HiveError {
  return new HiveError('invalid_measurement', 'this machine could not send any rate on time: nothing was saved', {
    hint: 'run it again while the machine is less busy',
  });
}
