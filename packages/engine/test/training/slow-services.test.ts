import { toTarget, type Limit } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import { train } from '../../src/training/training.js';
import { createVirtualClock } from '../../src/virtual/clock.js';
import { createVirtualLoad } from '../../src/virtual/load.js';
import { virtualOutside } from '../../src/virtual/outside.js';
import { createQueue } from '../../src/virtual/queue.js';
import type { FaultyService } from '../../src/virtual/service.js';

type Ended = Extract<TrainingEvent, { type: 'ended' }>;

/** Queues without an end that go on working on what was given up, and the 30 s limits that M/D/c queues have by simulation. */
const SLOW = [
  { name: '1 × 170 ms', slots: 1, ms: 170, objective: 'p(99)<1000', limit: 4.34 },
  { name: '4 × 500 ms', slots: 4, ms: 500, objective: 'p(99)<2000', limit: 7.66 },
  { name: '10 × 2 s', slots: 10, ms: 2_000, objective: 'p(95)<5000', limit: 5.33 },
] as const;
const MOST_QUEUED = 40;

interface Slow {
  slots: number;
  ms: number;
  objective: string;
  /** Every answer is this; absent: a good one. */
  error?: 'http_5xx';
}

async function measure({ slots, ms, objective, error }: Slow, budgetMs = 240_000): Promise<TrainingEvent[]> {
  const clock = createVirtualClock();
  const queue = createQueue({ slots, serviceMs: () => ms }, 3);
  const service: FaultyService = {
    ...queue,
    serve: (request, answer, plan) =>
      queue.serve(request, (served) => answer({ ...served, error: error ?? served.error }), plan),
  };
  const events: TrainingEvent[] = [];
  const session = train({
    target: toTarget({ url: 'http://127.0.0.1:1', objectives: [objective] }, 'reports'),
    kinds: ['load_balancing'],
    budgetMs,
    precision: 0.05,
    seed: 3,
    clock,
    load: createVirtualLoad(clock, service),
    outside: virtualOutside(service, clock),
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
    history: [],
  });
  for await (const event of session) events.push(event);
  return events;
}

const endedOf = (events: TrainingEvent[]): Ended => events.at(-1) as Ended;

describe('a slow service', () => {
  const measured = async (service: (typeof SLOW)[number]): Promise<void> => {
    const events = await measure(service);
    const ended = endedOf(events);
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
  };
  const says = '$name, is looked at with few requests under way, never overwhelmed, and its limit is found';
  it.each(SLOW.slice(1, 2))(says, measured);
  itSlow.each([SLOW[0], SLOW[2]])(says, measured);
});

describe('an objective and what one request takes alone', () => {
  const warnings = (events: TrainingEvent[]): string[] =>
    events.flatMap((event) => (event.type === 'alert' && event.severity === 'warning' ? [event.text] : []));

  it.each([
    ['p(99)<300', 'p(99)<500'],
    ['p(95)<=200 for 10s', 'p(95)<=500 for 10s'],
    ['avg<200', 'avg<500'],
  ])('%s leaves too little room, and %s would leave enough', async (objective, better) => {
    const events = await measure({ slots: 1, ms: 170, objective }, 30_000);
    expect(events[0]).toMatchObject({ type: 'alert', severity: 'warning' });
    expect(warnings(events)).toEqual([
      `one request alone takes 170 ms, more than half of what ${objective} allows: --objective '${better}' would leave room`,
    ]);
  });

  it('is no warning where there is room', async () => {
    expect(warnings(await measure({ slots: 1, ms: 170, objective: 'p(99)<400' }, 30_000))).toEqual([]);
  });

  it.each(['p(99)<250', 'avg<200'])('%s that one request alone breaks has no limit', async (objective) => {
    const ended = endedOf(await measure({ slots: 2, ms: 300, objective }, 60_000));
    expect(ended.limits[0]).toMatchObject({ status: 'below', low: null, estimate: null, safe: null });
  });
});

it('a service of few requests a second is told that longer runs are planned, and what would do', async () => {
  const events = await measure({ slots: 1, ms: 400, objective: 'p(99)<2000' }, 120_000);
  const told = events.findIndex((event) => event.type === 'alert' && event.text.includes('too few for p(99)<2000'));
  expect(events[told]).toMatchObject({ text: expect.stringMatching(/runs of up to 1[0-4]\d s are planned/) as string });
  const plans = events.flatMap((event) => (event.type === 'planned' ? [event.plan.fits[0]!.seconds] : []));
  expect(plans[1]! / plans[0]!).toBeGreaterThan(1.5);
  const { limits, code } = endedOf(events);
  expect(code).toBe('budget');
  expect(limits[0]!.reason).toMatch(/\(more time would help: --budget \d+m, or --objective 'p\(9[05]\)<2000'\)$/);
}, 30_000);

it('a slow service that answers errors alone has no limit, and is not looked at again and again', async () => {
  await expect(measure({ slots: 4, ms: 100, objective: 'p(99)<500', error: 'http_5xx' })).rejects.toMatchObject({
    code: 'target_unreachable',
    message: expect.stringContaining('to every request, also to one at a time'),
  });
});
