import { createServer } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { HiveError } from '@hive/contract';
import { realClock, type Clock } from '@hive/engine';
import { afterEach, describe, expect, it } from 'vitest';
import { keepHeartbeat } from '../src/heartbeat.js';

const MINUTE_MS = 60_000;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`;
}

/** Minutes pass as the test says; seconds as they do. */
function minutes(): { clock: Clock; pass(): void } {
  const wakes: (() => void)[] = [];
  const clock: Clock = {
    ...realClock,
    sleep: (ms, signal) =>
      ms < MINUTE_MS
        ? realClock.sleep(ms, signal)
        : new Promise((resolve) => {
            wakes.push(resolve);
            signal?.addEventListener('abort', () => resolve(), { once: true });
          }),
  };
  return { clock, pass: () => wakes.splice(0).forEach((wake) => wake()) };
}

function begin(url: string, ping: () => Promise<void> = () => Promise.resolve()) {
  const { clock, pass } = minutes();
  const lines: string[] = [];
  const log = {
    info: (_: object, text: string) => lines.push(text),
    warn: (more: object, text: string) => lines.push(`${text}: ${JSON.stringify(more)}`),
  };
  const over = new AbortController();
  closers.push(() => over.abort());
  const ended = keepHeartbeat({ store: { ping }, clock, log: log as never }, url, over.signal);
  return { pass, lines, stop: () => over.abort(), ended };
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let waitedMs = 0; !holds(); waitedMs += 10) {
    if (waitedMs > 10_000) throw new Error('it did not come to hold within 10 s');
    await realClock.sleep(10);
  }
};

describe('the heartbeat', () => {
  it('is sent at once and each minute, whatever is answered', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.statusCode = asked === 2 ? 500 : 200;
      response.end('x'.repeat(100_000));
    });
    closers.push(() => server.close());
    const { pass, lines, stop, ended } = begin(await listening(server));
    for (const beats of [1, 2, 3]) {
      await until(() => asked === beats);
      await realClock.sleep(30);
      pass();
    }
    await until(() => asked === 4);
    stop();
    await ended;
    expect(lines).toEqual([]);
  });

  it('is not sent while the database does not answer, and says so once', async () => {
    let asked = 0;
    let up = false;
    const server = createServer((_, response) => {
      asked += 1;
      response.end();
    });
    closers.push(() => server.close());
    const ping = () => (up ? Promise.resolve() : Promise.reject(new HiveError('database_unreachable', 'gone')));
    const { pass, lines } = begin(await listening(server), ping);
    await until(() => lines.length === 1);
    pass();
    await realClock.sleep(50);
    expect(asked).toBe(0);
    up = true;
    pass();
    await until(() => asked === 1);
    await until(() => lines.length === 2);
    expect(lines).toEqual([
      'the heartbeat was not sent: {"reason":"the database does not answer"}',
      'the heartbeat is sent again',
    ]);
  });

  it.each([
    [
      'takes the connection and says nothing',
      async () => {
        const sockets: Socket[] = [];
        const server = createTcp((socket) => sockets.push(socket));
        closers.push(() => {
          for (const socket of sockets) socket.destroy();
          server.close();
        });
        return listening(server);
      },
    ],
    // TEST-NET-1: nobody answers there.
    ['does not even take the connection', async () => 'http://192.0.2.1/ping'],
  ])('ends at once also where the page %s, and never says where it is', async (_, open) => {
    const { lines, stop, ended } = begin(await open());
    await realClock.sleep(50);
    const since = performance.now();
    stop();
    await ended;
    expect(performance.now() - since).toBeLessThan(500);
    expect(lines.join()).not.toContain('ping');
  });

  it('gives up on a page that hangs, and goes on', { timeout: 20_000 }, async () => {
    const sockets: Socket[] = [];
    const server = createTcp((socket) => sockets.push(socket));
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { lines } = begin(await listening(server));
    await until(() => lines.length === 1);
    expect(lines).toEqual(['the heartbeat was not sent: {"reason":"HIVE_HEARTBEAT_URL does not answer"}']);
  });
});
