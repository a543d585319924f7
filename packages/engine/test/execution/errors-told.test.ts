import { createServer as createHttp } from 'node:http';
import { createServer as createHttp2, createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { toTarget, type TargetInput } from '@hive/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../src/clock.js';
import { runAlone } from '../../src/execution/guarding/run-alone.js';
import { plainScenario } from '../../src/execution/plain-scenario.js';
import type { Executed } from '../../src/execution/execute.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { CERTIFICATE, KEY } from '../load/certificate.js';
import { startHostile } from '../load/hostile-server.js';

const load = createThreadLoad();
afterAll(() => load.close());
const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function says(answer: string, more: { tls?: boolean } = {}): Promise<number> {
  const server = await startHostile({ request: (socket) => socket.write(answer), ...more });
  closing.push(() => server.close());
  return server.port;
}

/** Runs ten requests at a time, and says how long that took, s. */
async function run(
  input: TargetInput,
  { environment = {}, durationMs = 20_000 }: { environment?: Record<string, string>; durationMs?: number } = {},
): Promise<Executed & { ended: Extract<TrainingEvent, { type: 'ended' }>; seconds: number }> {
  const target = toTarget(input, 'shop');
  const since = performance.now();
  const events = runAlone({
    scenario: plainScenario({
      target,
      plan: {
        arrivals: { model: 'closed', connections: 10, thinkMs: 0 },
        warmupMs: 0,
        durationMs,
        timeoutMs: 2_000,
        graceMs: 2_000,
      },
      seed: 1,
    }),
    target,
    load,
    clock: realClock,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
    plain: true,
    environment,
  });
  let ended: Extract<TrainingEvent, { type: 'ended' }> | null = null;
  for (;;) {
    const next = await events.next();
    if (next.done) return { ...next.value, ended: ended!, seconds: (performance.now() - since) / 1_000 };
    if (next.value.type === 'ended') ended = next.value;
  }
}

const tls = { cert: CERTIFICATE, key: KEY };
const unauthorized = 'HTTP/1.1 401 No\r\nContent-Length: 21\r\n\r\n{"error":"no token!"}';

describe('a run in which every request fails alike ends at once, and says why and what helps', () => {
  it.each<[string, () => Promise<TargetInput>, string, RegExp, RegExp]>([
    [
      'a self-signed certificate',
      async () => ({ url: `https://127.0.0.1:${await says('', { tls: true })}` }),
      'tls',
      /certificate is self-signed/,
      /-k \(--insecure/,
    ],
    [
      'a client certificate is wanted',
      async () => ({
        url: `https://127.0.0.1:${await listening(createHttps({ ...tls, requestCert: true, ca: CERTIFICATE }))}`,
        insecure: true,
      }),
      'tls',
      /wants a client certificate/,
      /certificate/,
    ],
    [
      'HTTP/2 only, over TLS',
      async () => ({ url: `https://127.0.0.1:${await listening(createSecureServer(tls))}`, insecure: true }),
      'tls',
      /speaks HTTP\/2 only/,
      /HTTP\/1\.1/,
    ],
    [
      'HTTP/2 only',
      async () => ({ url: `http://127.0.0.1:${await listening(createHttp2())}` }),
      'protocol',
      /speaks HTTP\/2 only/,
      /HTTP\/1\.1/,
    ],
    [
      'https to an http port',
      async () => ({ url: `https://127.0.0.1:${await listening(createHttp())}` }),
      'tls',
      /speaks plain HTTP/,
      /http:\/\//,
    ],
    [
      'http to an https port',
      async () => ({ url: `http://127.0.0.1:${await listening(createHttps(tls))}` }),
      'closed',
      /speaks TLS/,
      /https:\/\//,
    ],
    [
      '401 on everything',
      async () => ({ url: `http://127.0.0.1:${await says(unauthorized)}` }),
      'http_4xx',
      /answers 401 to every request/,
      /-u USER:PASSWORD/,
    ],
    [
      'nobody listens',
      async () => ({ url: 'http://127.0.0.1:1' }),
      'refused',
      /connection was refused/,
      /service runs/,
    ],
    [
      'a header larger than Hive reads',
      async () => ({
        url: `http://127.0.0.1:${await says(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(90_000)}\r\nContent-Length: 0\r\n\r\n`)}`,
      }),
      'too_large',
      /larger than 64 KiB/,
      /service/,
    ],
  ])('%s', async (_, input, kind, words, hint) => {
    const { result, ended, seconds } = await run(await input());
    expect(result).toMatchObject({ verdict: 'undecided', evidence: null, objectives: [] });
    expect(result.reason).toMatch(words);
    expect(result.reason).toMatch(hint);
    expect([ended.code, ended.reason]).toEqual(['target_unreachable', result.reason]);
    const kinds = Object.keys(result.measurement?.errors ?? {});
    expect(kinds.every((one) => one === kind || (kind === 'closed' && one === 'reset'))).toBe(true);
    expect(seconds).toBeLessThan(5);
  });
});

describe('what went wrong is told', () => {
  it('with status codes, and the first of each way in its own words, without secrets', async () => {
    let number = 0;
    const server = await startHostile({
      request(socket, _) {
        number += 1;
        if (number === 300) return socket.end();
        if (number > 400) return socket.write('HTTP/1.1 204 Fine\r\n\r\n');
        const body = `{"sent":"tok-4711-secret","bearer":"Bearer abcdefghijkl","n":"\u0007"}`;
        return socket.write(
          `HTTP/1.1 ${number % 2 === 0 ? 503 : 404} No\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      },
    });
    closing.push(() => server.close());
    const requests = [{ name: 'read', headers: { 'X-Token': '${TOKEN}' } }];
    const { result } = await run(
      { url: `http://127.0.0.1:${server.port}`, requests, objectives: ['rate<0.000001'] },
      { environment: { TOKEN: 'tok-4711-secret' }, durationMs: 500 },
    );
    const { statusCodes = {}, errorExamples = [], errors } = result.measurement!;
    expect(Object.keys(statusCodes).sort()).toEqual(['204', '404', '503']);
    expect(statusCodes['404']).toBe(errors.http_4xx);
    expect(errorExamples.find(({ code }) => code === '404')).toMatchObject({
      kind: 'http_4xx',
      text: 'answers 404',
      request: 'read',
      count: statusCodes['404'],
      came: '{"sent":"(masked)","bearer":"Bearer (masked)","n":" "}',
    });
    expect(errorExamples.find(({ kind }) => kind === 'closed')).toMatchObject({ code: 'CLOSED', count: 1 });
    expect(JSON.stringify(result)).not.toContain('tok-4711');
  });
});
