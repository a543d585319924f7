import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { HiveError, type ErrorCode } from '@hive/contract';
import { environment, eventually, freePorts } from './hive-process.js';

const ROOT = dirname(dirname(import.meta.dirname));
const DASHBOARD = join(ROOT, 'packages/dashboard/.next/standalone/packages/dashboard');

/** A dashboard before an API that can be closed. */
export interface DashboardAlone {
  url: string;
  /** What the API answers from now on; null: it hangs up. */
  answerWith(code: ErrorCode | null): void;
  /** Lets requests with this token through to the real API; all others need it. */
  guardBy(token: string): void;
  end(): Promise<void>;
}

/** Starts the built dashboard alone, before a door to the API at `apiUrl`, through which nothing passes at first. */
export async function startDashboardAlone(apiUrl: string): Promise<DashboardAlone> {
  let code: ErrorCode | null = null;
  let token: string | null = null;
  const door = createServer((request, response) => {
    if (code === null) return void request.socket.destroy();
    if (token !== null && request.headers.authorization === `Bearer ${token}`) {
      fetch(apiUrl + request.url)
        .then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
        .catch(() => request.socket.destroy());
      return;
    }
    const refused = new HiveError(code, 'this door is closed');
    response.writeHead(refused.status, { 'content-type': 'application/json' }).end(JSON.stringify(refused.toBody()));
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const [port] = await freePorts();
  const child = spawn(process.execPath, [join(DASHBOARD, 'server.js')], {
    cwd: DASHBOARD,
    env: {
      ...environment(),
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      HIVE_API_URL: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const url = `http://127.0.0.1:${port}`;
  await eventually(`${url} answers`, 60_000, async () => {
    if (child.exitCode !== null) throw new Error(`the dashboard ended with ${child.exitCode}`);
    return (await fetch(url).catch(() => null)) !== null;
  });
  return {
    url,
    answerWith: (next) => (code = next),
    guardBy(secret) {
      code = 'unauthorized';
      token = secret;
    },
    async end() {
      child.kill('SIGTERM');
      await ended;
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
    },
  };
}
