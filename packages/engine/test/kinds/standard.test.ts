import { KINDS, toTarget, type Kind, type Target } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latenciesOf } from '../../src/judging/shares.js';
import type { Facts } from '../../src/judging/facts.js';
import { kindDefinition } from '../../src/kinds/registry.js';
import { facts, group, stretch } from '../judging/measured.js';

const OBJECTIVES = ['p(99)<250', 'p(95)<100 for 2s', 'p(50)<20', 'avg<80', 'rate<0.01', 'rate<0', 'throughput>=50'];
/** A clause that allows nothing is learned as one that allows nearly nothing. */
const NEARLY_NONE = 1e-4;

const target = fc
  .record({
    nodes: fc.constantFrom(1, 2, 12),
    nodeHeader: fc.boolean(),
    dependency: fc.boolean(),
    underFault: fc.boolean(),
    hitShare: fc.constantFrom(0.5, 0.8, 0.99),
    objectives: fc.subarray(OBJECTIVES, { minLength: 1 }),
  })
  .map(({ nodes, nodeHeader, dependency, underFault, hitShare, objectives }) =>
    toTarget(
      {
        nodes: Array.from({ length: nodes }, (_, index) => ({ url: `http://127.0.0.1:${index + 1}` })),
        ...(nodeHeader ? { nodeHeader: 'x-node' } : {}),
        objectives,
        requests: [
          { name: 'page' },
          { name: 'item', path: '/{key}', keys: { count: 9, distribution: 'zipf' } },
          { name: 'file', path: '/{bytes}', payload: 'download' },
        ],
        tenants: true,
        watch: { pid: 1 },
        budgets: { hitShare, ...(underFault ? { underFault: ['rate<0.1', 'p(90)<900'] } : {}) },
        dependencies: dependency ? [{ name: 'db', address: '127.0.0.1:1', proxy: 'http://127.0.0.1:2' }] : [],
      },
      'drawn',
    ),
  );

/** What a run of a kind may have measured, laid out as its judge gets it. */
function measured(kind: Kind, of: Target, drawn: { failed: number; slow: number; planned: number }): Facts {
  const definition = kindDefinition(kind);
  const { plan } = definition.build({
    target: of,
    intensity: definition.prior,
    base: { ratePerSecond: 20, connections: 20 },
    seed: 1,
  });
  const { objectives } = definition.standard({ target: of, objectives: of.objectives, plan, restP50Ms: 5 });
  const latenciesMs = latenciesOf(objectives);
  const some = stretch(drawn.planned, { ...drawn, cache: { hits: drawn.planned - drawn.slow, misses: drawn.slow } });
  const whole = { ...some, bad: latenciesMs.map(() => drawn.failed + drawn.slow) };
  const names = { byClass: ['page', 'tenant'], byNode: of.nodes.map(({ url }) => url), spared: [0] };
  const groups = definition.groups(plan, names).map(({ name }) => group(name, whole));
  const named = of.nodes.length === 1 && of.nodeHeader !== null && plan.groupBy === 'node' ? [group('a', whole)] : [];
  return facts({
    objectives,
    latenciesMs,
    whole,
    // Two windows of 2 s agree.
    stretches: Array.from({ length: 10 }, (_, index) => ({ ...whole, seconds: 0.5, endMs: 500 * (index + 1) })),
    groups: [...groups, ...named],
    nodes: of.nodes,
    nodeHeader: of.nodeHeader,
    budgets: of.budgets,
  });
}

describe('judge and learner', () => {
  it.each(KINDS)('count %s by the same clauses, whatever was measured', (kind) => {
    const counts = fc.record({
      planned: fc.integer({ min: 40, max: 5_000 }),
      failed: fc.integer({ min: 0, max: 20 }),
      slow: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(target, counts, (of, drawn) => {
        const { judge, standard, evidence } = kindDefinition(kind);
        const { clauses } = standard({ target: of, objectives: of.objectives, plan: null, restP50Ms: null });
        const judged = judge(measured(kind, of, drawn)).evidence;
        if (evidence === 'margin') {
          expect(judged?.type ?? 'margin').toBe('margin');
          return;
        }
        const byJudge = judged?.type === 'counts' ? judged.clauses : [];
        if (clauses.length > 0) expect(judged?.type).toBe('counts');
        expect(
          byJudge.map(({ expression, allowedShare }) => ({ expression, allowedShare: allowedShare || NEARLY_NONE })),
        ).toEqual(clauses.map(({ expression, allowedShare }) => ({ expression, allowedShare })));
      }),
      { numRuns: 200 },
    );
  });
});
