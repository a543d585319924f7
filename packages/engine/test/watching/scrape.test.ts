import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createScraper, type Scraped } from '../../src/watching/scrape.js';
import { CERTIFICATE, KEY } from '../load/certificate.js';
import { startHostile, type Behavior } from '../load/hostile-server.js';
import { startPages } from './page-server.js';

const MIB = 1024 * 1024;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** So long that a busy machine cannot come into it. */
const PATIENCE_MS = 15_000;

type More = { allowTargets?: string[]; insecure?: boolean; answerLimitMs?: number };

function scraperOf(url: string, more: More = {}) {
  const scraper = createScraper({
    url: new URL(url),
    allowTargets: [],
    insecure: false,
    answerLimitMs: PATIENCE_MS,
    ...more,
  });
  cleanups.push(() => scraper.close());
  return scraper;
}

async function hostile(behavior: Behavior, more?: More): Promise<Scraped> {
  const server = await startHostile(behavior);
  cleanups.push(() => server.close());
  return scraperOf(`http://127.0.0.1:${server.port}/metrics`, more).scrape();
}

const raw = (text: string): Behavior => ({ request: (socket) => socket.write(text) });
const flood = (socket: Socket, chunk: string | Buffer): void => {
  const pour = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', pour);
  pour();
};
const OK = 'HTTP/1.1 200 OK\r\n';

describe('a scrape', () => {
  it('fetches the page, and asks for plain text', async () => {
    const server = await startPages((_, response) => response.end('a 1\n'));
    cleanups.push(server.close);
    const { scrape } = scraperOf(`${server.url}?of=all`);
    expect(await scrape()).toEqual({ text: 'a 1\n' });
    expect(await scrape()).toEqual({ text: 'a 1\n' });
    expect(server.asked[0]).toMatchObject({
      url: '/metrics?of=all',
      headers: { host: new URL(server.url).host, 'accept-encoding': 'identity', connection: 'close' },
    });
  });

  it('sends the user and password of the address, and tells them to nobody', async () => {
    const server = await startPages((_, response) => response.writeHead(401).end());
    cleanups.push(server.close);
    const scraped = await scraperOf(server.url.replace('//', '//user:p%40ss@')).scrape();
    expect(server.asked[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    expect(scraped).toEqual({ problem: 'the page answered 401' });
  });

  it('takes a page of just under 4 MiB', async () => {
    const text = `# ${'x'.repeat(4 * MIB - 100)}\n`;
    const server = await startPages((_, response) => response.end(text));
    cleanups.push(server.close);
    expect(await scraperOf(server.url).scrape()).toEqual({ text });
  });
});

describe('a server that means harm', () => {
  it.each<[string, Behavior, RegExp]>([
    ['hangs up', { request: (socket) => socket.destroy() }, /^the connection broke before the end of the answer$/],
    [
      'hangs up in the middle',
      { request: (socket) => socket.end(`${OK}content-length: 10\r\n\r\na 1`) },
      /^the connection broke/,
    ],
    ['speaks something else', raw('SSH-2.0-OpenSSH_9.6\r\n'), /^the answer is not HTTP/],
    [
      'sends headers without end',
      { request: (socket) => flood(socket, `${OK}x: ${'x'.repeat(MIB)}`) },
      /^the answer is not HTTP/,
    ],
    ['announces 100 MiB', raw(`${OK}content-length: 104857600\r\n\r\n`), /^the page is larger than 4 MiB$/],
    [
      'sends without end',
      { request: (socket) => (socket.write(`${OK}\r\n`), flood(socket, Buffer.alloc(MIB, 97))) },
      /^the page is larger than 4 MiB$/,
    ],
    [
      'redirects',
      raw(`HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n`),
      /^the page answered 302, and Hive does not follow redirects/,
    ],
    ['fails', raw('HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n'), /^the page answered 500$/],
    ['has nothing', raw('HTTP/1.1 204 None\r\n\r\n'), /^the page answered 204$/],
    [
      'is no UTF-8',
      { request: (socket) => socket.end(Buffer.from(`${OK}content-length: 2\r\n\r\n\u00FF\u00FE`, 'latin1')) },
      /^the page is not UTF-8 text$/,
    ],
  ])('%s: a reason in words', async (_, behavior, problem) => {
    expect(await hostile(behavior)).toEqual({ problem: expect.stringMatching(problem) });
  });

  it.each<[string, Behavior]>([
    ['never answers', {}],
    ['begins and never ends', raw(`${OK}content-length: 10\r\n\r\na 1`)],
    ['sends 1xx for ever', { request: (socket) => flood(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(10)) }],
  ])('%s: given up after a second', async (_, behavior) => {
    expect(await hostile(behavior, { answerLimitMs: 1_000 })).toEqual({ problem: 'no complete answer within 1 s' });
  });

  it('compresses unasked: refused before it is unpacked', async () => {
    const server = await startPages((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100 * MIB)));
    });
    cleanups.push(server.close);
    expect(await scraperOf(server.url).scrape()).toEqual({
      problem: 'the page is compressed (gzip), although Hive asked for plain text',
    });
  });

  it('is not there', async () => {
    const server = await startPages((_, response) => response.end());
    await server.close();
    expect(await scraperOf(server.url).scrape()).toEqual({ problem: 'the connection was refused' });
  });

  it('leaves no connection behind', async () => {
    const sockets = new Set<Socket>();
    const closed = new Promise<void>((resolve) => {
      const server = createServer();
      server.on('connection', (socket) => {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
      });
      server.listen(0, '127.0.0.1', () => {
        void scraperOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { answerLimitMs: 100 }).scrape();
      });
      cleanups.push(() => server.close());
    });
    await closed;
    expect([...sockets].every((socket) => socket.destroyed)).toBe(true);
  });
});

describe('addresses', () => {
  it.each<[string, string, RegExp]>([
    ['metadata', 'http://169.254.169.254/latest', /never dials/],
    ['metadata, even when listed', 'http://[fd00:ec2::254]/', /never dials/],
    ['not loopback', 'http://192.0.2.1/metrics', /not a loopback address.*HIVE_ALLOW_TARGETS/],
    ['not loopback, in disguise', 'http://[::ffff:192.0.2.1]/metrics', /not a loopback address/],
    ['unspecified', 'http://0.0.0.0:9/', /never dials/],
  ])('%s: refused before it is dialled', async (_, url, problem) => {
    const scraper = scraperOf(url, { allowTargets: ['169.254.0.0/16', 'fd00:ec2::254'] });
    expect(await scraper.scrape()).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('dials the address that was checked, and names the host that was asked for', async () => {
    const server = await startPages((_, response) => response.end('a 1\n'));
    cleanups.push(server.close);
    const { port } = new URL(server.url);
    expect(await scraperOf(`http://localhost:${port}/metrics`).scrape()).toEqual({ text: 'a 1\n' });
    expect(server.asked[0]?.headers['host']).toBe(`localhost:${port}`);
  });

  it('does not follow a redirect to anywhere', async () => {
    const elsewhere = await startPages((_, response) => response.end('a 1\n'));
    const server = await startPages((_, response) => response.writeHead(301, { location: elsewhere.url }).end());
    cleanups.push(server.close, elsewhere.close);
    expect(await scraperOf(server.url).scrape()).toHaveProperty('problem');
    expect(elsewhere.asked).toEqual([]);
  });
});

describe('TLS', () => {
  async function startSecure(): Promise<string> {
    const server = createTlsServer({ cert: CERTIFICATE, key: KEY }, (_, response) => response.end('a 1\n'));
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    return `https://localhost:${(server.address() as AddressInfo).port}/metrics`;
  }

  it('takes no certificate of unknown making, unless told so', async () => {
    const url = await startSecure();
    expect(await scraperOf(url).scrape()).toEqual({ problem: expect.stringMatching(/CERT/) });
    expect(await scraperOf(url, { insecure: true }).scrape()).toEqual({ text: 'a 1\n' });
  });
});

describe('closing', () => {
  it('ends a scrape that is under way', async () => {
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const server = await startHostile({ request: () => asked() });
    cleanups.push(() => server.close());
    const scraper = scraperOf(`http://127.0.0.1:${server.port}/`);
    const scraped = scraper.scrape();
    await isAsked;
    scraper.close();
    expect(await scraped).toEqual({ problem: 'the watch was closed' });
  });

  it('dials nothing afterwards', async () => {
    const server = await startPages((_, response) => response.end('a 1\n'));
    cleanups.push(server.close);
    const scraper = scraperOf(server.url);
    scraper.close();
    expect(await scraper.scrape()).toEqual({ problem: 'the watch was closed' });
    const other = connect(Number(new URL(server.url).port), '127.0.0.1');
    await new Promise((resolve) => other.once('connect', resolve));
    other.destroy();
    expect(server.asked).toEqual([]);
  });
});
