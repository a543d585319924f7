import { KINDS, scenarioSchema, toTarget, type Kind, type Plan, type Safety } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampIntensity, generate, reasonAgainst, UNCALIBRATED_BASE } from '../../src/kinds/generate.js';
import { kindDefinition } from '../../src/kinds/registry.js';

const target = toTarget(
  {
    url: 'http://127.0.0.1:8080',
    objectives: ['p(99)<250', 'rate<0.01'],
    requests: [
      { name: 'read', path: '/' },
      { name: 'report', path: '/report', weight: 0, role: 'noisy' },
      { name: 'item', path: '/items/{key}', weight: 0, keys: { count: 100 } },
      { name: 'download', path: '/bytes/{bytes}', weight: 0, payload: 'download' },
    ],
    watch: { pid: 1 },
  },
  'shop',
);
const bare = toTarget({ url: 'http://127.0.0.1:8080' }, 'bare');
const three = toTarget(
  { nodes: [1, 2, 3].map((n) => ({ url: `http://127.0.0.1:${n}` })), objectives: ['p(99)<250'] },
  'shop',
);

describe.each([...KINDS])('%s', (kind: Kind) => {
  it('generates the same problem from the same inputs, byte for byte', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 20_000, noNaN: true }), fc.nat(), (intensity, seed) => {
        expect(JSON.stringify(generate({ target, kind, intensity, seed, base: UNCALIBRATED_BASE }))).toBe(
          JSON.stringify(generate({ target, kind, intensity, seed, base: UNCALIBRATED_BASE })),
        );
      }),
    );
  });

  it('stays within floor and cap, in whole steps where the axis has them', () => {
    const { cap, floor, whole } = kindDefinition(kind);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (intensity) => {
        const inside = clampIntensity(target, kind, intensity);
        expect(inside).toBeGreaterThanOrEqual(floor);
        expect(inside).toBeLessThanOrEqual(cap(target));
        if (whole) expect(Number.isInteger(inside)).toBe(true);
      }),
    );
  });

  it("keeps within every cap of the target's safety, or says which one to raise", () => {
    const safeties = fc.record({
      maxRatePerSecond: fc.double({ min: 0.5, max: 2_000, noNaN: true }),
      maxConnections: fc.integer({ min: 1, max: 200 }),
      maxBytesInFlight: fc.integer({ min: 1, max: 10_000_000 }),
      maxSeconds: fc.double({ min: 1, max: 200, noNaN: true }),
    });
    const bases = fc.record({ ratePerSecond: fc.double({ min: 1, max: 900, noNaN: true }), connections: fc.nat(99) });
    fc.assert(
      fc.property(safeties, bases, fc.double({ min: 0.01, max: 1e7, noNaN: true }), (caps, base, intensity) => {
        const bound = { ...target, safety: { ...target.safety, ...caps } };
        const request = {
          target: bound,
          kind,
          intensity,
          seed: 1,
          base: { ...base, connections: base.connections + 1 },
        };
        const reason = reasonAgainst(bound, kind, request.base);
        if (reason !== null) expect(reason).toMatch(/raise safety\.max\w+ \(now [\d.,]+\)$/);
        else expectWithin(generate(request).plan, caps);
      }),
    );
  });

  it('is a scenario of the contract once training has named it', () => {
    const problem = generate({ target, kind, intensity: 100, seed: 7, base: UNCALIBRATED_BASE });
    scenarioSchema.parse({ ...problem, id: 'scn_1', difficulty: 'easy', calibrated: false, predictedFailure: null });
    expect(problem.expectedOutcomes.length).toBeGreaterThan(0);
  });
});

function expectWithin(plan: Plan, caps: Omit<Safety, 'allowWrites' | 'allowOverload'>): void {
  const { arrivals, preparation, links = 0, payloadBytes = 0, warmupMs, durationMs } = plan;
  const open = arrivals.model === 'open';
  const connections = open ? arrivals.maxConnections : arrivals.connections;
  const rates = open ? arrivals.stages.map(({ toPerSecond }) => toPerSecond) : [arrivals.maxPerSecond ?? Infinity];
  expect(Math.max(0, ...rates)).toBeLessThanOrEqual(caps.maxRatePerSecond + 1e-6);
  expect(Math.max(connections, links, preparation?.connections ?? 0)).toBeLessThanOrEqual(caps.maxConnections);
  expect(Math.max(warmupMs + durationMs, preparation?.maxMs ?? 0)).toBeLessThanOrEqual(caps.maxSeconds * 1_000 + 1e-6);
  expect(durationMs).toBeGreaterThan(0);
  expect(payloadBytes * connections).toBeLessThanOrEqual(caps.maxBytesInFlight);
}

describe('memory_optimization', () => {
  it('has five cycles, of which four are judged, a minute of load at least, and ends within 150 s', () => {
    const { plan } = generate({ target, kind: 'memory_optimization', intensity: 50, seed: 1, base: UNCALIBRATED_BASE });
    const stages = plan.arrivals.model === 'open' ? plan.arrivals.stages : [];
    const loadMs = stages.reduce((sum, stage) => sum + (stage.toPerSecond > 0 ? stage.durationMs : 0), 0);
    expect(plan.rests).toHaveLength(5);
    expect(loadMs).toBeGreaterThanOrEqual(60_000);
    expect(plan.warmupMs + plan.durationMs + plan.graceMs).toBeLessThanOrEqual(150_000);
  });
});

describe('descriptions', () => {
  it('say in plain words what is asked', () => {
    expect(
      generate({ target: three, kind: 'load_balancing', intensity: 420, seed: 1, base: UNCALIBRATED_BASE }).description,
    ).toBe('Serve 420 requests/s over 3 nodes (round robin) with p99 response time under 250 ms');
    expect(
      generate({ target, kind: 'load_balancing', intensity: 1_234.5, seed: 1, base: UNCALIBRATED_BASE }).description,
    ).toBe('Serve 1,235 requests/s with p99 response time under 250 ms and errors under 1 %');
    expect(
      generate({ target, kind: 'concurrent_requests', intensity: 48, seed: 1, base: UNCALIBRATED_BASE }).description,
    ).toContain('Serve 48 connections');
  });
});

it.each([
  ['resource_allocation', 'add a second one (role: noisy)'],
  ['data_processing', 'payload: download'],
  ['memory_optimization', 'add watch.pid'],
  ['cache_efficiency', 'add one with {key} in its path'],
] as const)('says why %s cannot be judged on a bare target, and what to add', (kind, fix) => {
  expect(kindDefinition(kind).notApplicable(bare)).toContain(fix);
  expect(() => generate({ target: bare, kind, intensity: 10, seed: 1, base: UNCALIBRATED_BASE })).toThrow(
    `kind: ${kind} does not apply to bare`,
  );
});

it('draws the order of the faults from the seed, and fits them into the judged part', () => {
  const faults = (seed: number) =>
    generate({ target, kind: 'fault_tolerance', intensity: 0.3, seed, base: UNCALIBRATED_BASE }).plan.faults ?? [];
  expect(faults(1)).toEqual(faults(1));
  expect(
    new Set(
      [1, 2, 3, 4, 5].map((seed) =>
        faults(seed)
          .map(({ type }) => type)
          .join(),
      ),
    ).size,
  ).toBeGreaterThan(1);
  for (const seed of [1, 2, 3]) {
    expect(new Set(faults(seed).map(({ type }) => type)).size).toBe(6);
    for (const [index, fault] of faults(seed).entries())
      expect(fault.fromMs).toBe(faults(seed)[index - 1]?.toMs ?? 3_000);
  }
});

it('sends two classes in the proportion of their rates', () => {
  const { plan } = generate({ target, kind: 'resource_allocation', intensity: 150, seed: 1, base: UNCALIBRATED_BASE });
  expect(plan.requests?.map(({ name, weight }) => [name, weight])).toEqual([
    ['read', 50],
    ['report', 150],
  ]);
  expect(plan.arrivals).toMatchObject({ stages: [{ toPerSecond: 200 }] });
});
