import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { hive, hiveHosted } from './hive-process.js';

let shop: Server;
let url: string;
let directory: string;
let asked: string[] = [];
beforeAll(async () => {
  shop = createServer((request, response) => {
    asked.push(String(request.headers['x-hive-session']));
    response.statusCode = request.url === '/sick' ? 503 : 200;
    response.end('ok');
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  directory = await mkdtemp(join(tmpdir(), 'hive-safety-'));
});
afterEach(() => {
  asked = [];
});
afterAll(async () => {
  shop.closeAllConnections();
  shop.close();
  await rm(directory, { recursive: true });
});

async function described(safety: string): Promise<string> {
  const path = join(directory, 'hive.yaml');
  await writeFile(path, `id: shop\nurl: ${url}\nsafety: ${safety}\n`);
  return path;
}

describe('a production target', () => {
  it('is loaded by nothing but hive verify, and by that only with its host named', async () => {
    const file = await described('{ environment: production }');
    for (const [args, says] of [
      [['verify', '--at', '20/s', file], /is a production target\n[^]*--production 127\.0\.0\.1/],
      [['verify', '--at', '20/s', '--production', 'shop.example', file], /'shop\.example' is not its host/],
      [['train', file], /only hive verify may load it[^]*hive verify --at 50\/s --production 127\.0\.0\.1/],
      [['run', file], /only hive verify may load it/],
      // With a URL the option makes it production: nothing is written there.
      [
        ['verify', '--at', '20/s', '--production', '127.0.0.1', '-X', 'POST', url],
        /nothing is written to a production/,
      ],
    ] as const) {
      const { code, stderr } = await hiveHosted([...args, '--data', directory]);
      expect([args[0], code, stderr]).toEqual([args[0], 92, expect.stringMatching(says)]);
    }
    // The environment cannot name it once for all sessions.
    const { code } = await hiveHosted(['verify', '--at', '20/s', file], { HIVE_PRODUCTION: '127.0.0.1' });
    expect(code).toBe(92);
    expect(asked).toEqual([]);
  });

  itSlow('is loaded by hive verify with its host named', async () => {
    const file = await described('{ environment: production }');
    const named = [
      'verify',
      '--data',
      join(directory, 'none'),
      '--at',
      '20/s',
      '--for',
      '4s',
      '--objective',
      'p(99)<5000',
      '--json',
    ];
    const { stdout } = await hive([...named, '--production', '127.0.0.1', file]);
    const { runs } = JSON.parse(stdout) as { runs: { intensity: number }[] };
    expect(runs[0]?.intensity).toBe(20);
    expect(asked.length).toBeGreaterThan(50);
  });
});

describe('the safety settings of a file', () => {
  it('bound a run, which ends with 105 and says why', async () => {
    const { code, stdout, stderr } = await hive([
      'run',
      '-c',
      '4',
      '-d',
      '5s',
      '--json',
      await described('{ maxRequests: 30 }'),
    ]);
    expect([code, (JSON.parse(stdout) as { verdict: string }).verdict]).toEqual([105, 'aborted']);
    expect(stderr).toContain('30 requests were sent, as many as safety.maxRequests of shop allows');
    expect(asked.length).toBeLessThanOrEqual(30);
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toMatch(/^exe_/);
  });

  it('keep the closed model below its rate', async () => {
    const file = await described('{ maxRatePerSecond: 40 }');
    const { stdout } = await hive(['run', '-c', '8', '-d', '2s', '--json', file]);
    const { sent } = JSON.parse(stdout) as { sent: number };
    expect(sent).toBeGreaterThan(20);
    expect(sent).toBeLessThanOrEqual(84);
  });

  it('let nothing begin outside the hours, or beside a guard that is bad', async () => {
    const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(new Date().getUTCDay() + 3) % 7] as string;
    for (const [safety, says] of [
      [`{ hours: ['${day} 10:00-11:00 UTC'] }`, /may be loaded only [^]* the next time is/],
      [`{ guards: [{ url: '${url}/sick' }] }`, /the guard 127\.0\.0\.1:\d+\/sick of shop is bad already: answered 503/],
      ["{ guards: [{ url: 'http://192.0.2.1/' }] }", /HIVE_ALLOW_TARGETS=192\.0\.2\.1/],
    ] as const) {
      const file = await described(safety);
      for (const args of [
        ['train', file, '--data', directory],
        ['run', file],
        ['verify', '--at', '5/s', file],
      ]) {
        const { code, stderr } = await hiveHosted(args);
        expect([args[0], code, stderr]).toEqual([args[0], 92, expect.stringMatching(says)]);
      }
    }
    // The guard alone was asked.
    expect(new Set(asked)).toEqual(new Set(['undefined']));
  });

  it('are said to be wrong where they stand', async () => {
    const { code, stderr } = await hiveHosted(['train', await described("{ hours: ['Mon-Fr 20:00-06:00'] }")]);
    expect(code).toBe(104);
    expect(stderr).toMatch(/3:19: safety\.hours\[0\]: it names no time zone: add one such as Europe\/Berlin or UTC/);
  });
});

describe('hive run beyond this machine', () => {
  it('is bound by the careful caps of a new target', async () => {
    const env = { HIVE_ALLOW_TARGETS: '192.0.2.0/24' };
    for (const [args, says] of [
      [['-r', '201/s'], /201 exceeds the target's safety\.maxRatePerSecond \(200\)/],
      [['-c', '51'], /51 exceeds the target's safety\.maxConnections \(50\)/],
      [['-r', '10/s', '-d', '121s'], /121 exceeds the target's safety\.maxSeconds \(120\)/],
    ] as const) {
      const { code, stderr } = await hiveHosted(['run', ...args, 'http://192.0.2.1/'], env);
      expect([code, stderr]).toEqual([92, expect.stringMatching(says)]);
    }
  });
});
