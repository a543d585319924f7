import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ceilingSchema, SHAPES, type Arrivals, type Ceiling } from '@hive/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../src/clock.js';
import type { TickPart } from '../../src/measuring.js';
import { startAnswering } from '../../src/ceiling/answering.js';
import { capByCeiling, ceilingFor, warnAboveCeiling } from '../../src/ceiling/ceiling.js';
import { keepCeiling, readCeiling } from '../../src/ceiling/kept-ceiling.js';
import { measureCeiling } from '../../src/ceiling/measure.js';
import { tryOut } from '../../src/ceiling/trial.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';

const ceiling: Ceiling = {
  version: 1,
  measuredAt: '2026-01-02T03:04:05.000Z',
  machine: { host: hostname(), cpu: 'a processor', cores: 4, node: process.versions.node },
  threads: 2,
  shapes: [
    { shape: 'plain', ratePerSecond: 100_000, atLeast: false, cpuMicrosPerRequest: 10 },
    { shape: 'tls', ratePerSecond: 40_000, atLeast: false, cpuMicrosPerRequest: 25 },
  ],
  timers: [],
};
const plain = { nodes: [{ url: 'http://127.0.0.1:1', weight: 1 }] };
const secure = { nodes: [{ url: 'https://127.0.0.1:1', weight: 1 }] };
const open = (toPerSecond: number): Arrivals => ({
  model: 'open',
  arrivals: 'poisson',
  stages: [{ durationMs: 1_000, fromPerSecond: 0, toPerSecond }],
  maxConnections: 10,
  maxWaiting: 10,
});

describe('the ceiling of a generator', () => {
  it.each([
    ['plain HTTP', plain, 2, 100_000],
    ['TLS', secure, 2, 40_000],
    ['fewer threads than were measured', plain, 1, 50_000],
    ['more threads, which are no promise of more', plain, 8, 100_000],
  ] as const)('is told for %s', (_, target, threads, rate) => {
    expect(ceilingFor(ceiling, { nodes: [...target.nodes] }, threads)?.ratePerSecond).toBe(rate);
  });

  it.each([
    ['a new connection each', 'http://127.0.0.1:1', 'connections'],
    ['a new TLS connection each, which is not measured', 'https://127.0.0.1:1', undefined],
  ] as const)('is told for %s', (_, url, shape) => {
    const shapes = [{ shape: 'connections' as const, ratePerSecond: 9_000, atLeast: true, cpuMicrosPerRequest: 90 }];
    const requests = [{ name: 'default', method: 'GET', path: '/', headers: { Connection: 'close' }, weight: 1 }];
    const found = ceilingFor({ ...ceiling, shapes }, { nodes: [{ url, weight: 1 }], requests }, 2);
    expect(found?.shape).toBe(shape);
  });

  it('is null for a shape of which no rate was found', () => {
    expect(ceilingFor({ ...ceiling, shapes: [] }, plain, 1)).toBeNull();
    expect(ceilingFor(null, plain, 1)).toBeNull();
  });

  it('warns of runs above 80 % of it, with both figures, and of no other', () => {
    const warn = (arrivals: Arrivals, threads = 2) => warnAboveCeiling({ arrivals, target: plain, threads }, ceiling);
    expect(warn(open(80_000))).toBeNull();
    expect(warn(open(90_000))).toMatch(
      /^90,000 requests\/s is more than 80 % .* 100,000 plain requests\/s with 2 threads/,
    );
    expect(warn(open(45_000), 1)).toContain('with one thread');
    // It was never measured with eight.
    expect(warn(open(90_000), 8)).toContain('with 2 threads');
    expect(warn({ model: 'closed', connections: 50, thinkMs: 0 })).toBeNull();
    expect(warnAboveCeiling({ arrivals: open(1e9), target: plain, threads: 1 }, null)).toBeNull();
  });

  it('says "at least" where the generator was not the bottleneck', () => {
    const shapes = ceiling.shapes.map((one) => ({ ...one, atLeast: true }));
    const run = { arrivals: open(90_000), target: plain, threads: 2 };
    expect(warnAboveCeiling(run, { ...ceiling, shapes })).toContain('at least 100,000 plain requests/s');
  });

  it('caps the axes of rates, and says why', () => {
    const cap = (own: number, { isSentRate }: { isSentRate: boolean }) =>
      capByCeiling(
        { cap: own, reason: 'raise the safety cap' },
        { isSentRate, target: { nodes: [...plain.nodes] } as never, threads: 2, ceiling },
      );
    expect(cap(10_000, { isSentRate: true })).toEqual({ cap: 10_000, reason: expect.stringContaining('safety cap') });
    expect(cap(200_000, { isSentRate: true })).toEqual({ cap: 80_000, reason: expect.stringContaining('hive doctor') });
    expect(cap(200_000, { isSentRate: false }).cap).toBe(200_000);
  });
});

describe('the kept ceiling', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hive-ceiling-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('comes back as it was kept', () => {
    const path = keepCeiling(join(directory, 'new'), ceiling);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(ceiling);
    expect(readCeiling(join(directory, 'new'))).toEqual({ ceiling, ignored: null });
  });

  it('is nothing where nothing was kept', () => {
    expect(readCeiling(directory)).toEqual({ ceiling: null, ignored: null });
  });

  it.each([
    ['is no JSON', '{'],
    ['has another form', '{"version":2}'],
    ['is of another machine', JSON.stringify({ ...ceiling, machine: { ...ceiling.machine, host: 'elsewhere' } })],
    ['is of another Node', JSON.stringify({ ...ceiling, machine: { ...ceiling.machine, node: '18.0.0' } })],
  ])('is ignored, and that is said, when it %s', (_, text) => {
    writeFileSync(join(directory, 'ceiling.json'), text);
    expect(readCeiling(directory)).toEqual({ ceiling: null, ignored: expect.stringContaining('hive doctor') });
  });

  it('is ignored, and that is said, when it cannot be read', () => {
    mkdirSync(join(directory, 'ceiling.json'));
    expect(readCeiling(directory)).toEqual({ ceiling: null, ignored: expect.stringContaining('cannot be read') });
  });

  it('leaves nothing beside it, and replaces the one before', () => {
    keepCeiling(directory, ceiling);
    keepCeiling(directory, { ...ceiling, threads: 3 });
    expect(readdirSync(directory)).toEqual(['ceiling.json']);
    expect(readCeiling(directory).ceiling?.threads).toBe(3);
  });

  it('says which file cannot be written', () => {
    writeFileSync(join(directory, 'taken'), '');
    expect(() => keepCeiling(join(directory, 'taken'), ceiling)).toThrow(/ceiling\.json cannot be written/);
  });
});

describe('measureCeiling', () => {
  it.each([1, 2])('measures with %d threads what can be sent, and leaves out what was not', async (threads) => {
    const load = createThreadLoad({ threads });
    const told: string[] = [];
    const signal = new AbortController().signal;
    const progress = (text: string): void => void told.push(text);
    const wall = (): number => realClock.wall();
    const measured = await measureCeiling({ load, threads, trialMs: 100, signal, progress, wall });
    await load.close();

    expect(ceilingSchema.parse(measured)).toEqual(measured);
    expect(measured).toMatchObject({ threads, machine: { host: hostname(), node: process.versions.node } });
    expect(measured.timers.map(({ ratePerSecond }) => ratePerSecond)).toEqual([200, 2_000]);
    for (const { latenessP50Ms, latenessP99Ms } of measured.timers)
      expect(latenessP99Ms).toBeGreaterThanOrEqual(latenessP50Ms);
    // A shape has either a figure or, in words, the reason why not.
    const missing = told.filter((text) => text.startsWith('no result for'));
    expect(measured.shapes.length + missing.length).toBe(4);
    expect(told.length - missing.length).toBe(6);
    // No thread works more than all the time; trials of a few milliseconds on a busy machine are rough, units are not.
    for (const { ratePerSecond, cpuMicrosPerRequest } of measured.shapes)
      expect(ratePerSecond * cpuMicrosPerRequest).toBeLessThan(threads * 1e7);
  });

  it('ends at once when it is stopped', async () => {
    const load = createThreadLoad();
    const stop = new AbortController();
    const measured = await measureCeiling({
      load,
      threads: 1,
      trialMs: 60_000,
      signal: stop.signal,
      progress: () => setTimeout(() => stop.abort(), 100),
      wall: () => realClock.wall(),
    });
    expect(measured).toMatchObject({ shapes: [], timers: [] });
    await load.close();
  });
});

describe('the answering side', () => {
  it('answers every shape, and is gone when it is closed', async () => {
    const answering = await startAnswering(2);
    const nodes = SHAPES.map((shape) => answering.nodes(shape));
    expect(nodes.map((all) => all.length)).toEqual([2, 2, 2, 2]);
    const load = createThreadLoad();
    const signal = new AbortController().signal;
    const arrivals: Arrivals = { model: 'closed', connections: 4, thinkMs: 5 };
    for (const shape of SHAPES) {
      const shown = await tryOut({ arrivals, lengthMs: 250, shape, answering, load, threads: 1, signal });
      const parts = shown.ticks.flatMap((tick) => tick.parts);
      const total = (what: (part: TickPart) => number): number => parts.reduce((sum, part) => sum + what(part), 0);
      expect(total(({ counts }) => counts.good)).toBe(total(({ counts }) => counts.planned));
      expect(total(({ bytesIn }) => bytesIn) / total(({ counts }) => counts.good)).toBeGreaterThan(
        shape === 'body' ? 65_536 : 26,
      );
    }
    await load.close();
    await answering.close();
    const { port } = new URL(nodes[0]![0]!.url);
    await expect(once(connect(Number(port), '127.0.0.1'), 'connect')).rejects.toThrow(/ECONNREFUSED/);
  });
});
