import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_OBJECTIVES, defaultSafety, nodeName, targetInputSchema, targetSchema, toTarget } from '@hive/contract';
import { expectStable, refusedFields } from './inputs.js';
import { REFUSED_TARGETS } from './refused-targets.js';

const url = 'http://127.0.0.1:8080';

describe('a description of a target', () => {
  it('needs nothing but an address', () => {
    const target = toTarget({ url }, 'fallback');
    expect(target).toEqual({
      id: 'fallback',
      nodes: [{ url, weight: 1 }],
      requests: [{ name: 'default', method: 'GET', path: '/', headers: {}, weight: 1 }],
      objectives: [...DEFAULT_OBJECTIVES],
      balance: 'round_robin',
      nodeHeader: null,
      watch: null,
      dependencies: [],
      budgets: { hitShare: 0.8, memoryBytesPer1000Requests: 1_048_576, bytesPerSecond: 5_000_000 },
      tenants: false,
      safety: defaultSafety([{ url }]),
      insecure: false,
      identify: true,
    });
    expectStable(targetSchema, target);
  });

  it('keeps all that it says, and fills in the rest', () => {
    const whole = {
      id: 'shop',
      nodes: [{ url, id: 'a', weight: 2 }, { url: 'https://shop.example/base' }, { url, socket: '/run/app.sock' }],
      requests: [
        { name: 'login', method: 'POST', path: '/login', headers: { a: 'b' }, body: '{}', expect: [201], weight: 0 },
        { name: 'key', path: '/k/{key}', keys: { count: 10, distribution: 'zipf' } },
        { name: 'big', path: '/b/{bytes}', payload: 'download', role: 'noisy' },
      ],
      objectives: ['p(95)<100 for 5s'],
      balance: 'least_connections',
      nodeHeader: 'x-node',
      watch: { pid: 1, prometheus: 'http://127.0.0.1:9090', series: ['up'] },
      dependencies: [{ name: 'db', address: '127.0.0.1:5432', proxy: 'http://127.0.0.1:8474', requests: ['login'] }],
      budgets: { hitShare: 0.5, underFault: ['rate<0.1'] },
      tenants: true,
      safety: { allowWrites: true, maxSeconds: 60 },
      insecure: true,
    } as const;
    const target = toTarget(structuredClone(whole) as never, 'fallback');
    expect(target).toMatchObject({
      ...whole,
      nodes: [{ id: 'a' }, { weight: 1 }, { socket: '/run/app.sock' }],
      budgets: { hitShare: 0.5, bytesPerSecond: 5_000_000 },
      safety: { ...defaultSafety([{ url: 'https://shop.example' }]), allowWrites: true, maxSeconds: 60 },
    });
    expect(target.nodes.map(nodeName)).toEqual(['a', 'https://shop.example/base', '/run/app.sock']);
    expectStable(targetSchema, target);
    expectStable(targetInputSchema, whole);
  });

  it.each(REFUSED_TARGETS)('%j is refused, naming the field', (input, field) => {
    expect(refusedFields(targetInputSchema, input)).toEqual([field]);
  });

  it('that is taken makes a target that is one, and whose description it is', () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
    const address = fc
      .tuple(fc.constantFrom('http', 'https'), fc.stringMatching(/^[a-z]{1,8}$/), fc.nat(65_535))
      .map(([scheme, host, port]) => `${scheme}://${host}.example:${port}/base`);
    const node = fc.record(
      { url: address, id: name, weight: fc.integer({ min: 1, max: 100 }) },
      { requiredKeys: ['url'] },
    );
    const request = fc.record(
      {
        name,
        method: fc.constantFrom('GET', 'POST', 'PUT'),
        path: fc.stringMatching(/^\/[a-z0-9/?=&._-]{0,20}$/),
        headers: fc.dictionary(name, fc.string()),
        weight: fc.integer({ min: 1, max: 10 }),
      },
      { requiredKeys: [] },
    );
    const description = fc.record(
      {
        id: name,
        nodes: fc.array(node, { minLength: 1, maxLength: 3 }),
        requests: fc.array(request, { maxLength: 3 }),
        objectives: fc.subarray(['p(99)<250', 'rate<0.01', 'avg<80']),
        tenants: fc.boolean(),
      },
      { requiredKeys: ['nodes'] },
    );
    fc.assert(
      fc.property(description, (input) => {
        const target = toTarget(input, 'fallback');
        expect(targetSchema.parse(target)).toEqual(target);
        const { nodeHeader: _header, watch: _watch, ...again } = target;
        expect(toTarget(again, 'other')).toEqual(target);
      }),
      { numRuns: 50 },
    );
  });
});
