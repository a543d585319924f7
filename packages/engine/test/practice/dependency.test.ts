import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startDependency } from '../../src/practice/dependency-server.js';
import { startPractice, type Practice } from '../../src/practice/practice.js';
import type { PracticeSettings } from '../../src/practice/settings.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});
async function start(settings: Partial<PracticeSettings>): Promise<Practice> {
  const practice = await startPractice({ serviceMs: 1, ...settings });
  closers.push(() => practice.close());
  return practice;
}
/** A TCP server that does what it is told to, line by line. */
async function service(
  onLine: (line: string, socket: Socket) => void,
  port = 0,
): Promise<{ address: string; sockets: Set<Socket>; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    socket.setEncoding('latin1').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) onLine(line, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  closers.push(close);
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, close };
}
const echo = (line: string, socket: Socket): void => void socket.write(`${line}\n`);
const status = async ({ url }: Practice, path = '/dependent'): Promise<number> => {
  const response = await fetch(`${url}${path}`);
  await response.text();
  return response.status;
};

describe('startDependency', () => {
  it('sends each line back after its delay, also when it comes in pieces', async () => {
    const dependency = await startDependency({ host: '127.0.0.1', port: 0, delayMs: 30 });
    closers.push(() => dependency.close());
    const { createConnection } = await import('node:net');
    const socket = createConnection(Number(dependency.address.split(':')[1]), '127.0.0.1').setEncoding('latin1');
    const before = performance.now();
    let text = '';
    const answered = new Promise<void>((resolve) =>
      socket.on('data', (piece: string) => {
        text += piece;
        if (text.endsWith('three\n')) resolve();
      }),
    );
    socket.write('one\ntw');
    socket.write('o\nthree\n');
    await answered;
    expect(text).toBe('one\ntwo\nthree\n');
    expect(performance.now() - before).toBeGreaterThan(29);
    socket.destroy();
  });
});

describe('a practice target with a dependency', () => {
  it('calls it for /dependent alone, on kept connections', async () => {
    let lines = 0;
    const { address, sockets } = await service((line, socket) => {
      lines += 1;
      echo(line, socket);
    });
    const practice = await start({ dependency: address, dependencyTrips: 3, dependencyConnections: 4 });
    expect(practice.dependency).toBe(address);
    for (let index = 0; index < 20; index += 1) expect(await status(practice)).toBe(200);
    expect([await status(practice, '/'), lines, sockets.size]).toEqual([200, 60, 4]);
  });

  it('calls it for every request when told so', async () => {
    let lines = 0;
    const { address } = await service((line, socket) => {
      lines += 1;
      echo(line, socket);
    });
    const practice = await start({ dependency: address, dependencyFor: 'all' });
    await status(practice, '/');
    await status(practice, '/items/1');
    expect(await (await fetch(`${practice.url}/bytes`, { method: 'POST', body: 'abc' })).json()).toMatchObject({
      bytes: 3,
    });
    expect(lines).toBe(3);
  });

  it('starts one itself, and waits for every round trip', async () => {
    const practice = await start({ withDependency: true, dependencyDelayMs: 40, dependencyTrips: 2 });
    expect(practice.dependency).toMatch(/^127\.0\.0\.1:\d+$/);
    const before = performance.now();
    expect(await status(practice)).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(79);
  });

  it('dials what is put between', async () => {
    let told = '';
    const other = await service(echo);
    const practice = await startPractice(
      { serviceMs: 1, withDependency: true, dependencyConnections: 3 },
      {
        between: async (address) => {
          told = address;
          return { address: other.address, api: 'http://127.0.0.1:1' };
        },
      },
    );
    closers.push(() => practice.close());
    expect(practice).toMatchObject({ dependency: told, faultProxy: 'http://127.0.0.1:1' });
    expect(await status(practice)).toBe(200);
    expect(other.sockets.size).toBe(3);
  });

  it('answers 503 while it is down, serves what does not need it, and heals by itself', async () => {
    const first = await service(echo);
    const practice = await start({ dependency: first.address });
    expect(await status(practice)).toBe(200);
    await first.close();
    for (let index = 0; index < 30; index += 1) expect(await status(practice)).toBe(503);
    expect(await status(practice, '/')).toBe(200);
    await service(echo, Number(first.address.split(':')[1]));
    await expect.poll(() => status(practice)).toBe(200);
    for (let index = 0; index < 30; index += 1) expect(await status(practice)).toBe(200);
    const text = await (await fetch(`${practice.url}/metrics`)).text();
    expect(text).toMatch(/practice_dependency_failures_total\{node="node-1"\} 3\d\n/);
  });

  it('gives up what is not answered in time, and heals when it is again', async () => {
    let silent = true;
    const { address } = await service((line, socket) => {
      if (!silent) echo(line, socket);
    });
    const practice = await start({ dependency: address, dependencyTimeoutMs: 100, dependencyConnections: 4 });
    const before = performance.now();
    const statuses = await Promise.all(Array.from({ length: 12 }, () => status(practice)));
    expect(performance.now() - before).toBeGreaterThan(99);
    expect(statuses).toEqual(Array.from({ length: 12 }, () => 503));
    silent = false;
    await expect.poll(() => status(practice)).toBe(200);
    for (let index = 0; index < 20; index += 1) expect(await status(practice)).toBe(200);
  });

  it('loses only the requests of a connection that breaks', async () => {
    const { address, sockets } = await service(echo);
    const practice = await start({ dependency: address, dependencyConnections: 8 });
    await expect.poll(() => sockets.size).toBe(8);
    for (const socket of [...sockets].slice(0, 4)) socket.resetAndDestroy();
    const statuses: number[] = [];
    for (let index = 0; index < 40; index += 1) statuses.push(await status(practice));
    expect(statuses.filter((one) => one === 503).length).toBeLessThanOrEqual(4);
    expect(statuses.slice(8)).toEqual(Array.from({ length: 32 }, () => 200));
    await expect.poll(() => sockets.size).toBe(8);
  });

  it.each([
    ['turn', 4],
    ['last', 1],
  ] as const)('uses its idle connections by %s: %d for one request after another', async (dependencyReuse, used) => {
    const seen = new Set<Socket>();
    const { address, sockets } = await service((line, socket) => {
      seen.add(socket);
      echo(line, socket);
    });
    const practice = await start({ dependency: address, dependencyConnections: 4, dependencyReuse });
    await expect.poll(() => sockets.size).toBe(4);
    // The server may know of a connection before the target does.
    for (let index = 0; index < 12; index += 1) await status(practice);
    seen.clear();
    for (let index = 0; index < 12; index += 1) await status(practice);
    expect(seen.size).toBe(used);
  });

  it('does not believe an answer to another question', async () => {
    const { address } = await service((_, socket) => void socket.write('something else\n'));
    const practice = await start({ dependency: address });
    expect(await (await fetch(`${practice.url}/dependent`)).json()).toEqual({
      error: 'the dependency sent something else',
    });
  });

  it('starts, and serves the rest, without its dependency', async () => {
    const gone = await service(echo);
    await gone.close();
    const practice = await start({ dependency: gone.address });
    expect([await status(practice), await status(practice, '/')]).toEqual([503, 200]);
  });
});
