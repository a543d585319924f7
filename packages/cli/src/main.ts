import { EXIT, HIVE_VERSION, HiveError, toHiveError } from '@hive/contract';
import { Command, CommanderError } from 'commander';
import { loadCliConfig } from './config.js';
import { widthOf } from './print/terminal.js';
import { nearest } from './arguments/nearest.js';
import { fitHelp, wrap } from './print/wrap.js';

interface CommandModule {
  /** Adds arguments, options and examples. `done` receives the exit code. */
  define(command: Command, done: (exitCode: number) => void): void;
}

/** Each command is one file, loaded only when it is the one that runs. */
export const COMMANDS: Record<string, { does: string; load: () => Promise<CommandModule> }> = {
  up: { does: 'start the API and the dashboard', load: () => import('./commands/up.js') },
  init: {
    does: 'write a hive.yaml from an OpenAPI document, a browser recording or an access log',
    load: () => import('./commands/init.js'),
  },
  train: { does: 'find the limits of a service', load: () => import('./commands/train.js') },
  limits: {
    does: 'show learned limits',
    load: () => import('./commands/limits.js'),
  },
  generate: { does: 'show what a run would do, without running it', load: () => import('./commands/generate.js') },
  verify: { does: 'answer whether a service carries a request rate', load: () => import('./commands/verify.js') },
  run: { does: 'run a load test against a service', load: () => import('./commands/run.js') },
  compare: {
    does: 'say whether one session or service is worse than another',
    load: () => import('./commands/compare.js'),
  },
  mark: { does: 'record a release, or anything else that may change limits', load: () => import('./commands/mark.js') },
  schedule: {
    does: 'check or measure a service again and again',
    load: () => import('./commands/schedule.js'),
  },
  apply: { does: 'make everything as files describe it', load: () => import('./commands/apply.js') },
  export: { does: 'write what is there as files for hive apply', load: () => import('./commands/export.js') },
  user: { does: 'say who may sign in', load: () => import('./commands/user.js') },
  token: { does: 'make and revoke API tokens', load: () => import('./commands/token.js') },
  secret: { does: 'store secrets for targets and channels, encrypted', load: () => import('./commands/secret.js') },
  report: { does: 'write a report of a session', load: () => import('./commands/report.js') },
  practice: { does: 'start a practice service with known limits', load: () => import('./commands/practice.js') },
  proxy: {
    does: 'start a TCP proxy that injects network faults',
    load: () => import('./commands/proxy.js'),
  },
  fleet: {
    does: 'set up load generators on other machines',
    load: () => import('./commands/fleet.js'),
  },
  bee: { does: 'send load for a Hive on another machine', load: () => import('./commands/bee.js') },
  doctor: { does: 'measure how much load this machine can send', load: () => import('./commands/doctor.js') },
  backup: { does: 'write everything that is stored into a file', load: () => import('./commands/backup.js') },
  restore: { does: 'fill an empty database from such a file', load: () => import('./commands/restore.js') },
  migrate: { does: 'update the database schema', load: () => import('./commands/migrate.js') },
  completion: { does: 'print a script that completes hive in a shell', load: () => import('./commands/completion.js') },
};
/** What must know the options of all commands. */
const KNOW_ALL: ReadonlySet<string | undefined> = new Set(['help', 'completion']);

/** Runs one command line and returns its exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that went away (`hive run … | head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
  });
  let exitCode: number = EXIT.passed;
  try {
    const program = new Command('hive')
      .description('What can a service take, where does it break, and has that changed?')
      .version(HIVE_VERSION)
      .exitOverride()
      .configureOutput(helpOutput())
      .showHelpAfterError('(use --help for usage)');
    for (const [name, { does, load }] of Object.entries(COMMANDS)) {
      const command = program.command(name).description(does);
      if (argv[0] === name || KNOW_ALL.has(argv[0])) (await load()).define(command, (code) => (exitCode = code));
    }
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.passed;
      const near = nearest(error.message);
      if (near !== null) process.stderr.write(`      ${near}\n`);
      // Commander has printed it for people already.
      const message = error.message.replace(/^error: /, '');
      if (argv.includes('--json'))
        process.stdout.write(`${JSON.stringify(new HiveError('validation', message).toBody())}\n`);
      return EXIT.configuration;
    }
    return report(toHiveError(error), argv.includes('--json'));
  }
}

/** Width of help where neither a terminal nor COLUMNS says it. */
const HELP_COLUMNS = 100;

/** Help fits the terminal; what is wrong with an option is broken like every other error. */
function helpOutput() {
  const { columns } = loadCliConfig();
  const helpWidth = (stream: { isTTY?: boolean; columns?: number }): number => {
    const width = widthOf(stream, columns);
    return Number.isFinite(width) ? width : HELP_COLUMNS;
  };
  return {
    getOutHelpWidth: () => helpWidth(process.stdout),
    getErrHelpWidth: () => helpWidth(process.stderr),
    writeOut: (text: string) => void process.stdout.write(fitHelp(text, helpWidth(process.stdout))),
    writeErr: (text: string) => void process.stderr.write(fitHelp(text, widthOf(process.stderr, columns))),
  };
}

/** One line for the cause, one for how to fix it; with --json also the error object, alone on stdout. */
function report(error: HiveError, json: boolean): number {
  const width = widthOf(process.stderr, loadCliConfig().columns);
  const told = [`hive: ${error.message}`, ...(error.hint === undefined ? [] : [`      ${error.hint}`])];
  for (const line of told.flatMap((one) => wrap(one, width, 6))) process.stderr.write(`${line}\n`);
  if (error.code === 'internal' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack ?? ''}\n`);
  if (json) process.stdout.write(`${JSON.stringify(error.toBody())}\n`);
  return error.exitCode;
}
