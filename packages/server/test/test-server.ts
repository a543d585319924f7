import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveMessage, ScenarioRow, TargetInput, TrainingStatus } from '@hive/contract';
import { WebSocket } from 'ws';
import { preparedData } from '../../../test/prepared-data.js';
import { loadConfig, startServer, type ConfigOverrides, type Parts, type Server } from '../src/index.js';
import { createFakeLoad, type FakeLoad } from './fake-load.js';

export interface TestServer extends Server {
  load: FakeLoad;
  dataDir: string;
  /** One request without a socket; the body as JSON. */
  ask<Body = AnyBody>(method: Method, path: string, body?: unknown): Promise<Reply<Body>>;
  /** Polls the status until it holds. */
  until(holds: (status: TrainingStatus) => boolean): Promise<TrainingStatus>;
  /** Ends the server and removes its data. */
  end(): Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface Reply<Body> {
  status: number;
  body: Body;
}

/** What answers have in common, for tests that look at one field. */
export interface AnyBody {
  id: string;
  session_id: string;
  error: {
    code: string;
    message: string;
    hint: string;
    details: { session_id: string; problems: { field: string }[] };
  };
}

/** Whoever asks for one thing alone gets it. */
const answering: Parts['ask'] = () => Promise.resolve({ type: 'answered', status: 200, location: null, ms: 20 });

/** Whoever else uses the machine of the tests is not looked at. */
const unwatched: Parts['watchMachine'] = () => ({ look: () => null, compare: () => undefined, isTargetHidden: false });

export const TARGET: TargetInput = { id: 'shop', url: 'http://127.0.0.1:9' };

/** A server on a port of its own, its database in a temporary directory, its load faked. */
export async function startTestServer(
  overrides: ConfigOverrides = {},
  parts: Partial<Parts> = {},
): Promise<TestServer> {
  const hasStore = parts.store !== undefined || typeof overrides.databaseUrl === 'string';
  const dataDir =
    overrides.dataDir ?? (await (hasStore ? mkdtemp(join(tmpdir(), 'hive-server-')) : preparedData('hive-server-')));
  const load = createFakeLoad();
  const config = loadConfig({}, { port: 0, dataDir, logLevel: 'silent', ...overrides });
  const server = await startServer(config, { load, ask: answering, watchMachine: unwatched, ...parts });
  const ask = async <Body>(method: Method, path: string, body?: unknown): Promise<Reply<Body>> => {
    const answer = await server.app.inject({
      method,
      url: path,
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  return {
    ...server,
    load,
    dataDir,
    ask,
    async until(holds) {
      for (;;) {
        const { body } = await ask<TrainingStatus>('GET', '/api/training/status');
        if (holds(body)) return body;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async end() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Registers the usual target and runs one scenario to its end. */
export async function runOneScenario(server: TestServer): Promise<ScenarioRow> {
  await server.ask('POST', '/api/targets', TARGET);
  const { body: scenario } = await server.ask('POST', '/api/scenarios/generate', {
    kind: 'load_balancing',
    intensity: 100,
    seed: 1,
  });
  const path = `/api/scenarios/${scenario.id}/execute?wait=true`;
  return (await server.ask<ScenarioRow>('POST', path)).body;
}

/** A reader of the live feed that keeps what it hears. */
export interface Listener {
  messages: LiveMessage[];
  socket: WebSocket;
  /** Resolves with the first message that fits, heard already or to come. */
  hear(fits: (message: LiveMessage) => boolean): Promise<LiveMessage>;
}

/** Connects to the feed and waits for its `hello`. */
export async function listen(server: Server, query = ''): Promise<Listener> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/metrics${query}`);
  const messages: LiveMessage[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text === 'pong') return;
    messages.push(JSON.parse(text) as LiveMessage);
    for (const check of waiting) check();
  });
  const failed = new Promise<never>((_, reject) => {
    socket.once('error', reject);
  });
  failed.catch(() => undefined);
  const listener: Listener = {
    messages,
    socket,
    hear: (fits) =>
      Promise.race([
        failed,
        new Promise<LiveMessage>((resolve) => {
          const check = (): void => {
            const found = messages.find(fits);
            if (!found) return;
            waiting.delete(check);
            resolve(found);
          };
          waiting.add(check);
          check();
        }),
      ]),
  };
  await listener.hear((message) => message.type === 'hello');
  return listener;
}
