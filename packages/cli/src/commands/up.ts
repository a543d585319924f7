import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, HiveError } from '@hive/contract';
import { demoTarget } from '@hive/engine';
import type { Config, ConfigOverrides } from '@hive/server';
import type { Command } from 'commander';
import { wholeOption } from '../arguments/option.js';
import { addSharedOptions, type SharedOptions } from '../arguments/shared-options.js';
import type { Child } from '../children/child.js';
import { buildDashboard, dashboardAnswers, startDashboardChild } from '../children/dashboard-child.js';
import { claimPort } from '../children/free-port.js';
import { startDemoChild } from '../children/practice-child.js';
import { loadCliConfig } from '../config.js';
import { createTerminal, type Terminal } from '../print/terminal.js';
import { stopSignal } from '../signals.js';

/** Whatever hangs: who is asked to end has five seconds. */
const CLOSE_MS = 4_300;

interface UpOptions extends SharedOptions {
  demo?: boolean;
  port?: number;
  dashboardPort?: number;
  host?: string;
  dashboard: boolean;
}

const EXAMPLES = `
Examples:
  hive up --demo                       with a practice target to try Hive on
  hive up --port 8080 --data /var/lib/hive
  DATABASE_URL=postgres://hive@127.0.0.1/hive REDIS_URL=redis://127.0.0.1 hive up
  HIVE_FIRST_ADMIN=link hive up --host 0.0.0.0`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .option('--demo', 'also start the practice target, and register it as `practice`')
    .option('--port <n>', 'port of the API (default: HIVE_PORT, else 8000)', wholeOption(0, 65_535))
    .option(
      '--dashboard-port <n>',
      'port of the dashboard (default: HIVE_DASHBOARD_PORT, else 3000)',
      wholeOption(0, 65_535),
    )
    .option(
      '--host <host>',
      'address to listen on (default: HIVE_HOST, else 127.0.0.1); other than loopback needs a user or HIVE_TOKEN',
    )
    .option('--no-dashboard', 'start only the API')
    .addHelpText('after', EXAMPLES)
    .action(async (options: UpOptions) => done(await up(options)));
  addSharedOptions(command);
}

/** Where things answer, for people and for scripts. */
interface Places {
  api: string;
  dashboard: string | null;
  practice: string | null;
  /** The link that makes the first admin; null: nobody needs one. */
  firstAdmin: string | null;
}

async function up(options: UpOptions): Promise<number> {
  const { environment, colorAllowed, columns } = loadCliConfig();
  const json = options.json === true;
  const terminal = createTerminal({ colorAllowed, columns, json, quiet: options.quiet === true });
  const signal = stopSignal();
  const { demandLogin, loadConfig } = await import('@hive/server');
  const config = loadConfig(environment, {
    host: options.host,
    port: options.port,
    dashboardPort: options.dashboardPort,
    dataDir: options.data,
    // The log is for machines; people at a terminal get words.
    ...(terminal.live || options.quiet ? { logLevel: environment['HIVE_LOG_LEVEL'] ?? 'warn' } : {}),
  } as ConfigOverrides);
  // Before anything is started: it is seldom, and may take the time to open the database.
  await demandLogin(config);
  const closers: (() => Promise<void>)[] = [];
  try {
    const starting = start({ options, config, environment, closers, signal });
    // Whoever asks it to end does not wait for a database that does not answer.
    const house = await Promise.race([starting, aborted(signal)]);
    if (house === null) {
      starting.catch(() => undefined);
      return EXIT.passed;
    }
    if (!signal.aborted) tell(house.places, terminal, json);
    const lost = await Promise.race([house.childEnded, aborted(signal)]);
    if (lost) throw lost;
    return EXIT.passed;
  } finally {
    if (signal.aborted) terminal.progress('hive: stopping');
    await Promise.race([Promise.allSettled(closers.map((close) => close())), sleep(CLOSE_MS)]);
  }
}

/** Starts everything; what was started is in `closers` even when a later part fails. */
async function start(given: {
  options: UpOptions;
  config: Config;
  environment: NodeJS.ProcessEnv;
  closers: (() => Promise<void>)[];
  signal: AbortSignal;
}): Promise<{ places: Places; childEnded: Promise<HiveError> }> {
  const { options, config, environment, closers, signal } = given;
  const children: Child[] = [];
  const adopt = <Kind extends Child>(child: Kind): Kind => {
    children.push(child);
    closers.push(() => child.stop());
    return child;
  };
  const port = await claimPort(config.port, config.host, '--port');
  const dashboardPort = options.dashboard ? await claimPort(config.dashboardPort, config.host, '--dashboard-port') : 0;
  const apiUrl = httpUrl(config.host, port);
  const dashboardUrl = options.dashboard ? httpUrl(config.host, dashboardPort) : null;

  if (options.dashboard) await buildDashboard(signal);
  const practiceStarts = options.demo ? startDemoChild({ env: environment, adopt }) : null;
  practiceStarts?.catch(() => undefined);
  const dashboard = options.dashboard
    ? adopt(
        startDashboardChild({
          apiUrl,
          allowHosts: config.allowHosts,
          host: config.host,
          port: dashboardPort,
          env: environment,
        }),
      )
    : null;
  const { startServer } = await import('@hive/server');
  const practice = (await practiceStarts) ?? null;
  const started = practice ? { targets: [demoTarget(practice)], practice: practice.url } : {};
  const publicUrl = config.publicUrl ?? dashboardUrl;
  const corsOrigins = withOrigin(config, dashboardPort);
  const server = await startServer({ ...config, port, publicUrl, corsOrigins }, started);
  closers.push(() => server.close());
  if (dashboard && dashboardUrl) await dashboardAnswers(dashboard, dashboardUrl, signal);

  const childEnded = Promise.race(
    children.map(async (child) => {
      const { lastWords } = await child.ended;
      const name = child === dashboard ? 'dashboard' : 'practice target';
      return new HiveError('internal', `the ${name} stopped unexpectedly: ${lastWords || 'without output'}`);
    }),
  );
  const code = server.firstAdminCode;
  const firstAdmin = code === null ? null : `${dashboardUrl ?? apiUrl}/first-admin#${code}`;
  return { places: { api: apiUrl, dashboard: dashboardUrl, practice: practice?.url ?? null, firstAdmin }, childEnded };
}

function tell(places: Places, terminal: Terminal, json: boolean): void {
  const { colors } = terminal;
  if (json) process.stdout.write(`${JSON.stringify({ ...places, pid: process.pid })}\n`);
  terminal.print('Hive is up.');
  if (places.dashboard) terminal.print(`  Dashboard  ${colors.bold(places.dashboard)}`);
  terminal.print(`  API        ${places.api}  (documentation at ${places.api}/docs)`);
  if (places.practice) terminal.print(`  Practice   ${places.practice}  (registered as practice)`);
  if (places.firstAdmin) {
    terminal.print('  Nobody can sign in yet. Whoever opens this link first, within 15 minutes, becomes the admin:');
    terminal.print(`  ${colors.bold(places.firstAdmin)}`);
  }
  terminal.progress('Press Ctrl-C to stop.');
}

/** The address to click: a wildcard is not one. */
function httpUrl(host: string, port: number): string {
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

/** A free dashboard port is known only now, after the configuration was read. */
function withOrigin(config: Config, dashboardPort: number): readonly string[] {
  if (config.dashboardPort !== 0) return config.corsOrigins;
  return [...config.corsOrigins, ...['localhost', '127.0.0.1'].map((name) => `http://${name}:${dashboardPort}`)];
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
