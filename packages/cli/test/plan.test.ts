import { HiveError } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { stagesOption, toPlan, type PlanOptions } from '../src/arguments/plan.js';

const given = (options: Partial<PlanOptions>): PlanOptions => ({ timeout: 10_000, warmup: 0, ...options });

describe('toPlan', () => {
  it('is a closed model of 10 connections for 10 s by default', () => {
    expect(toPlan(given({}))).toEqual({
      arrivals: { model: 'closed', connections: 10, thinkMs: 0 },
      warmupMs: 0,
      durationMs: 10_000,
      timeoutMs: 10_000,
      graceMs: 10_000,
    });
  });

  it('takes -c alone as the closed model', () => {
    expect(toPlan(given({ connections: 50, think: 200, duration: 1_000, grace: 5 }))).toMatchObject({
      arrivals: { model: 'closed', connections: 50, thinkMs: 200 },
      durationMs: 1_000,
      graceMs: 5,
    });
  });

  it('takes -r as the open model, Poisson, with at most 1000 connections', () => {
    expect(toPlan(given({ rate: 500, duration: 30_000, warmup: 2_000 }))).toMatchObject({
      arrivals: {
        model: 'open',
        arrivals: 'poisson',
        stages: [{ durationMs: 32_000, fromPerSecond: 500, toPerSecond: 500 }],
        maxConnections: 1_000,
        maxWaiting: 10_000,
      },
      warmupMs: 2_000,
      durationMs: 30_000,
    });
  });

  it('stays within the caps that were written for the target, and refuses what was asked beyond them', () => {
    const caps = { maxRatePerSecond: 100, maxConnections: 5, maxSeconds: 20 };
    expect(toPlan(given({}), caps).arrivals).toMatchObject({ connections: 5 });
    expect(toPlan(given({ rate: 100 }), caps).arrivals).toMatchObject({ maxConnections: 5 });
    expect(toPlan(given({ connections: 50 }), {}).arrivals).toMatchObject({ connections: 50 });
    for (const [options, name] of [
      [{ rate: 101 }, 'maxRatePerSecond'],
      [{ stages: stagesOption('1s:200/s,1s:10/s') }, 'maxRatePerSecond'],
      [{ connections: 6 }, 'maxConnections'],
      [{ rate: 1, connections: 6 }, 'maxConnections'],
      [{ duration: 19_000, warmup: 2_000 }, 'maxSeconds'],
    ] as const) {
      expect(() => toPlan(given(options), caps)).toThrow(
        expect.objectContaining({ code: 'refused_by_safety', message: expect.stringContaining(name) }),
      );
    }
  });

  it('takes -c with -r as the cap of connections', () => {
    expect(toPlan(given({ rate: 5, connections: 7, maxWaiting: 0, arrivals: 'constant' })).arrivals).toMatchObject({
      arrivals: 'constant',
      maxConnections: 7,
      maxWaiting: 0,
    });
  });

  it('ramps through the stages, beginning at -r or at zero, for their sum', () => {
    const stages = stagesOption('30s:100/s,1m:500/s,10s:0');
    expect(toPlan(given({ stages }))).toMatchObject({
      durationMs: 100_000,
      arrivals: {
        stages: [
          { durationMs: 30_000, fromPerSecond: 0, toPerSecond: 100 },
          { durationMs: 60_000, fromPerSecond: 100, toPerSecond: 500 },
          { durationMs: 10_000, fromPerSecond: 500, toPerSecond: 0 },
        ],
      },
    });
    expect(toPlan(given({ stages, rate: 50, duration: 5_000 }))).toMatchObject({
      durationMs: 5_000,
      arrivals: { stages: [{ fromPerSecond: 50 }, {}, {}] },
    });
  });

  it.each([
    [{ arrivals: 'constant' }, '--arrivals'],
    [{ maxWaiting: 5 }, '--max-waiting'],
    [{ rate: 5, think: 5 }, '--think'],
    [{ duration: 0 }, 'no time is left'],
    [{ stages: [{ durationMs: 1_000, toPerSecond: 0 }] }, 'never rises'],
    [{ stages: [{ durationMs: 1_000, toPerSecond: 5 }], warmup: 2_000 }, 'no time is left'],
  ] as const)('refuses %j', (options, words) => {
    expect(() => toPlan(given(options as Partial<PlanOptions>))).toThrow(words);
    expect(() => toPlan(given(options as Partial<PlanOptions>))).toThrow(HiveError);
  });
});

describe('stagesOption', () => {
  it.each(['', '30s', '100/s', '30s:100/s,', '30:100/s', '30s:fast', '0s:100/s', '30s:100/s:1'])(
    'refuses %j',
    (text) => {
      expect(() => stagesOption(text)).toThrow(/is not a stage/);
    },
  );
});
