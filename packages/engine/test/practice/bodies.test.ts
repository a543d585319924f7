import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyDigest, bodyPiece } from '../../src/practice/bodies.js';
import { startPractice, type Practice } from '../../src/practice/practice.js';

const digestOf = (bytes: Uint8Array): string => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
const body = (bytes: number): Buffer => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes; at += 50_000) pieces.push(bodyPiece(at, Math.min(50_000, bytes - at)));
  return Buffer.concat(pieces);
};

describe('the body of downloads', () => {
  it('does not depend on how it is cut', () => {
    const whole = body(300_000);
    expect(digestOf(whole)).toBe(bodyDigest(300_000));
    expect(bodyPiece(123_456, 1_000)).toEqual(whole.subarray(123_456, 124_456));
  });

  it('looks different at every place, so that nothing can be swapped unseen', () => {
    expect(body(131_072).subarray(0, 65_536).equals(body(131_072).subarray(65_536))).toBe(false);
  });
});

describe('/bytes', () => {
  let practice: Practice;
  const limits = { serviceMs: 1, maxBodyBytes: 3_000_000 };
  beforeEach(async () => {
    practice = await startPractice(limits);
  });
  afterEach(() => practice.close());
  const post = (bytes: Uint8Array, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${practice.url}/bytes`, { method: 'POST', body: Buffer.from(bytes), headers });

  it.each([0, 1, 1_460, 65_536, 65_537, 1_000_000, 3_000_000])('sends %d bytes and their digest', async (bytes) => {
    const response = await fetch(`${practice.url}/bytes/${bytes}`);
    const received = new Uint8Array(await response.arrayBuffer());
    expect(received.length).toBe(bytes);
    expect(response.headers.get('content-length')).toBe(String(bytes));
    expect(response.headers.get('content-digest')).toBe(digestOf(received));
  });

  it.each([0, 1, 100_000, 3_000_000])('says what arrived of %d bytes', async (bytes) => {
    const sent = body(bytes);
    const response = await post(sent);
    expect(response.headers.get('x-received-bytes')).toBe(String(bytes));
    expect(response.headers.get('x-received-digest')).toBe(digestOf(sent));
    expect(await response.json()).toEqual({ node: 'node-1', bytes, digest: digestOf(sent) });
  });

  it('answers HEAD with the head alone', async () => {
    const response = await fetch(`${practice.url}/bytes/1000`, { method: 'HEAD' });
    expect(response.headers.get('content-digest')).toBe(bodyDigest(1_000));
    expect(await response.text()).toBe('');
  });

  it('refuses what is too large, what is no number, and a body that is not its digest', async () => {
    expect((await fetch(`${practice.url}/bytes/3000001`)).status).toBe(413);
    expect((await fetch(`${practice.url}/bytes/many`)).status).toBe(400);
    expect((await post(new Uint8Array(3_000_001))).status).toBe(413);
    expect((await post(body(10), { 'content-digest': digestOf(body(11)) })).status).toBe(400);
    expect((await post(body(10), { 'content-digest': digestOf(body(10)) })).status).toBe(200);
  });

  it('goes on after a caller that leaves in the middle, whichever way the body went', async () => {
    const { port } = new URL(practice.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /bytes HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc');
    socket.end(() => socket.destroy());
    await new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => {
      const request = get(`${practice.url}/bytes/3000000`, (response) => {
        response.once('data', () => request.destroy());
        response.once('close', resolve);
        response.on('error', () => undefined);
      });
      request.on('error', () => undefined);
    });
    expect((await post(body(5))).status).toBe(200);
  });

  it.each([
    ['transferBytesPerSecond', { transferBytesPerSecond: 2_000_000, transferBurstBytes: 100_000 }, 200],
    ['bandwidthBytesPerSecond', { bandwidthBytesPerSecond: 2_000_000 }, 250],
  ])('moves no faster than %s allows, up or down', async (_, settings, leastMs) => {
    await practice.close();
    practice = await startPractice({ ...limits, ...settings });
    for (const move of [() => fetch(`${practice.url}/bytes/500000`), () => post(body(500_000))]) {
      const before = performance.now();
      const response = await move();
      await response.arrayBuffer();
      expect(response.status).toBe(200);
      expect(performance.now() - before).toBeGreaterThan(leastMs - 1);
    }
  });

  it('shares the bandwidth of a node among its bodies', async () => {
    await practice.close();
    practice = await startPractice({ ...limits, bandwidthBytesPerSecond: 2_000_000 });
    const before = performance.now();
    const answers = [1, 2, 3, 4].map(async (index) => {
      const response = await (index % 2 ? fetch(`${practice.url}/bytes/200000`) : post(body(200_000)));
      await response.arrayBuffer();
    });
    await Promise.all(answers);
    expect(performance.now() - before).toBeGreaterThan(399);
  });

  it('waits for a reader that is slow, and holds no more than the sockets do', async () => {
    await practice.close();
    practice = await startPractice({ serviceMs: 1, maxBodyBytes: 1024 ** 3 });
    const before = process.memoryUsage().external;
    const received = await new Promise<number>((resolve, reject) => {
      get(`${practice.url}/bytes/${64 * 1024 ** 2}`, (response) => {
        let bytes = 0;
        response.once('readable', () => {
          setTimeout(() => {
            expect(process.memoryUsage().external - before).toBeLessThan(32 * 1024 ** 2);
            response.on('data', (piece: Buffer) => (bytes += piece.length)).once('end', () => resolve(bytes));
          }, 100);
        });
      }).once('error', reject);
    });
    expect(received).toBe(64 * 1024 ** 2);
  });
});
