import { toTarget, type Limit } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../src/execution/events.js';
import { train } from '../../src/training/training.js';
import { virtualSurroundings } from '../../src/virtual/surroundings.js';

/** Queues without an end that go on working on what was given up, and the 30 s limits that M/D/c queues have by simulation. */
const SLOW = [
  { name: '1 × 170 ms', slots: 1, ms: 170, objective: 'p(99)<1000', limit: 4.34 },
  { name: '4 × 500 ms', slots: 4, ms: 500, objective: 'p(99)<2000', limit: 7.66 },
  { name: '10 × 2 s', slots: 10, ms: 2_000, objective: 'p(95)<5000', limit: 5.33 },
] as const;
const MOST_QUEUED = 40;

async function measure({ slots, ms, objective }: (typeof SLOW)[number]) {
  const surroundings = virtualSurroundings({ settings: { slots, serviceMs: () => ms }, seed: 3 });
  const events: TrainingEvent[] = [];
  const session = train({
    target: toTarget({ url: 'http://127.0.0.1:1', objectives: [objective] }, 'reports'),
    kinds: ['load_balancing'],
    budgetMs: 240_000,
    precision: 0.05,
    seed: 3,
    ...surroundings,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
    history: [],
  });
  for await (const event of session) events.push(event);
  return events;
}

describe.each(SLOW)('a slow service, $name', (service) => {
  it('is looked at with few requests under way, never overwhelmed, and its limit is found', async () => {
    const events = await measure(service);
    const ended = events.at(-1) as Extract<TrainingEvent, { type: 'ended' }>;
    const { low, high } = ended.limits[0] as Limit;
    expect(low).toBeLessThan(service.limit);
    expect(high).toBeGreaterThan(service.limit);
    expect(high! / low!).toBeLessThan(2);
    expect(ended.code).not.toBe('did_not_recover');

    const [look] = events.flatMap((event) => (event.type === 'scenario_completed' ? [event] : []));
    expect(look!.scenario.plan.arrivals.model).toBe('closed');
    const capacity = (1_000 * service.slots) / service.ms;
    const evidence = look!.result.evidence;
    expect(evidence).toMatchObject({ type: 'chirp', closed: true });
    if (evidence?.type === 'chirp') {
      expect(evidence.onset! / capacity).toBeGreaterThan(0.9);
      expect(evidence.onset! / capacity).toBeLessThan(1.1);
    }
    const queued = events.flatMap((event) =>
      event.type === 'window' ? [event.window.outstanding - service.slots] : [],
    );
    expect(Math.max(...queued)).toBeLessThan(MOST_QUEUED);
  });
});

describe('an objective that one request alone nearly breaks', () => {
  it('is named before anything starts, with one that would leave room', async () => {
    const events = await measure({ ...SLOW[2], objective: 'p(95)<5000', ms: 2_000, slots: 10, limit: 5.33 });
    expect(
      events.filter(({ type }) => type === 'alert').map((event) => 'severity' in event && event.severity),
    ).not.toContain('warning');
    const tight = await measure({ ...SLOW[0], objective: 'p(99)<300' } as unknown as (typeof SLOW)[number]);
    expect(tight[0]).toMatchObject({
      type: 'alert',
      severity: 'warning',
      text: "one request alone takes 170 ms, more than half of what p(99)<300 allows: --objective 'p(99)<500' would leave room",
    });
  });
});
