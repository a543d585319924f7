import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HiveError } from '@hive/contract';
import { startChild, type Child } from './child.js';

const ANSWER_LIMIT_MS = 60_000;
const ASK_AGAIN_MS = 100;

export interface DashboardOptions {
  /** Where the API answers. */
  apiUrl: string;
  /** Names under which browsers may ask for it. */
  allowHosts: readonly string[];
  host: string;
  port: number;
  env: NodeJS.ProcessEnv;
}

const BUILD = fileURLToPath(new URL('../../../../scripts/build.mjs', import.meta.url));
/** Made by the build: Next's server with the files that it needs, and no others. */
const SERVER = fileURLToPath(
  new URL('../../../dashboard/.next/standalone/packages/dashboard/server.js', import.meta.url),
);

/**
 * Builds the dashboard when it is not built; progress goes to stderr.
 * @throws HiveError `internal`.
 */
export async function buildDashboard(signal: AbortSignal): Promise<void> {
  if (existsSync(SERVER)) return;
  const build = spawn(process.execPath, [BUILD], { stdio: ['ignore', 2, 2], signal });
  const code = await new Promise((resolve) => build.once('error', () => resolve(null)).once('close', resolve));
  if (code !== 0 && !signal.aborted) {
    throw new HiveError('internal', 'the dashboard could not be built', {
      hint: 'see the output above, or start without it: --no-dashboard',
    });
  }
}

/** Starts the built dashboard in a process of its own. */
export function startDashboardChild({ apiUrl, allowHosts, host, port, env }: DashboardOptions): Child {
  return startChild(SERVER, [], {
    cwd: dirname(SERVER),
    env: {
      ...env,
      PORT: String(port),
      HOSTNAME: host,
      HIVE_API_URL: apiUrl,
      HIVE_ALLOW_HOSTS: allowHosts.join(','),
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    },
  });
}

/**
 * Waits until the dashboard answers, or the signal aborts.
 * @throws HiveError `internal` with its last words when it ends first or never answers.
 */
export async function dashboardAnswers(child: Child, url: string, signal: AbortSignal): Promise<void> {
  const failed = child.ended.then(({ lastWords }) => {
    throw new HiveError('internal', `the dashboard could not start: ${lastWords || 'it ended without output'}`);
  });
  // An aborted fetch may leave the reading of its body pending for ever.
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([poll(url, signal), failed, aborted]);
}

async function poll(url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + ANSWER_LIMIT_MS;
  while (!signal.aborted && Date.now() < deadline) {
    try {
      await (await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) })).text();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
  if (!signal.aborted) throw new HiveError('internal', `the dashboard did not answer at ${url} within a minute`);
}
