import { requestClassSchema, toTarget, type Plan } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { groupNamesOf } from '../../src/execution/apart.js';
import { toOrder } from '../../src/execution/order.js';

const PLAN: Plan = {
  arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
  warmupMs: 0,
  durationMs: 1,
  timeoutMs: 1,
  graceMs: 0,
};

/** What is counted apart of this many request classes and nodes. */
function apart(classes: number, nodes: number, plan: Partial<Plan> = {}) {
  const target = toTarget(
    {
      nodes: Array.from({ length: nodes }, (_, index) => ({ url: `http://127.0.0.1:${index + 1}`, id: 'node' })),
      requests: Array.from({ length: classes }, () => requestClassSchema.parse({})),
    },
    'target',
  );
  const order = toOrder({
    plan: { ...PLAN, ...plan },
    seed: 1,
    target,
    thresholdsMs: [],
    allowTargets: [],
    sessionId: 'ses_1',
  });
  return groupNamesOf(order);
}

describe('counting apart', () => {
  it('is left where there is one of a sort, or where there are too many for the sending thread', () => {
    expect(apart(1, 1)).toEqual({ byClass: [], byNode: [] });
    expect(apart(11, 11)).toEqual({ byClass: [], byNode: [] });
  });

  it('is done where there are several, each under a name of its own', () => {
    expect(apart(3, 1)).toEqual({ byClass: ['default', 'default (2)', 'default (3)'], byNode: [] });
    expect(apart(2, 2)).toEqual({ byClass: ['default', 'default (2)'], byNode: ['node', 'node (2)'] });
  });

  it('is done where it is judged, however many there are', () => {
    expect(apart(11, 11, { groupBy: 'class' })).toMatchObject({ byClass: { length: 11 }, byNode: [] });
    expect(apart(11, 11, { groupBy: 'node' })).toMatchObject({ byClass: [], byNode: { length: 11 } });
  });
});
