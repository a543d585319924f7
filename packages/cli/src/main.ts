import { EXIT, HiveError, toHiveError } from '@hive/contract';
import { Command, CommanderError } from 'commander';

interface CommandModule {
  /** Adds arguments, options and examples. `done` is told the exit code. */
  define(command: Command, done: (exitCode: number) => void): void;
}

/** Each command is one file, loaded only when it is the one that runs. */
const COMMANDS: Record<string, { does: string; load: () => Promise<CommandModule> }> = {
  up: { does: 'start the API and the dashboard', load: () => import('./commands/up.js') },
  init: {
    does: 'write a hive.yaml, from an OpenAPI document, a recording or a log',
    load: () => import('./commands/init.js'),
  },
  train: { does: 'learn how much a service can take', load: () => import('./commands/train.js') },
  limits: {
    does: 'show what is known of services, without running anything',
    load: () => import('./commands/limits.js'),
  },
  generate: { does: 'show what a test would do, without running it', load: () => import('./commands/generate.js') },
  run: { does: 'put one plain load on a service', load: () => import('./commands/run.js') },
  practice: { does: 'start a service with known limits to try Hive on', load: () => import('./commands/practice.js') },
  proxy: {
    does: 'stand between a client and a service and make the network bad',
    load: () => import('./commands/proxy.js'),
  },
  doctor: { does: 'measure what this machine can send', load: () => import('./commands/doctor.js') },
  migrate: { does: 'bring the database to the newest schema', load: () => import('./commands/migrate.js') },
};

/** Runs one command line and returns its exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that went away (`hive run … | head`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
  });
  let exitCode: number = EXIT.passed;
  try {
    const program = new Command('hive')
      .description('What can a service take, where does it break, and has that changed?')
      .version('0.1.0')
      .exitOverride()
      .showHelpAfterError('(--help shows what can be given)');
    for (const [name, { does, load }] of Object.entries(COMMANDS)) {
      const command = program.command(name).description(does);
      if (argv[0] === name || argv[0] === 'help') (await load()).define(command, (code) => (exitCode = code));
    }
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.passed;
      // Commander has told a person already.
      const message = error.message.replace(/^error: /, '');
      if (argv.includes('--json'))
        process.stdout.write(`${JSON.stringify(new HiveError('validation', message).toBody())}\n`);
      return EXIT.configuration;
    }
    return report(toHiveError(error), argv.includes('--json'));
  }
}

/** One line that names the cause, one that names the mend; with --json also the error object, alone on stdout. */
function report(error: HiveError, json: boolean): number {
  process.stderr.write(`hive: ${error.message}\n${error.hint === undefined ? '' : `      ${error.hint}\n`}`);
  if (error.code === 'internal' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack ?? ''}\n`);
  if (json) process.stdout.write(`${JSON.stringify(error.toBody())}\n`);
  return error.exitCode;
}
