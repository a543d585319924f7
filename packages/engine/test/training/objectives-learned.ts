import { toTarget } from '@hive/contract';
import { expect } from 'vitest';
import { session } from './virtual-session.js';

/** Objectives of which the last one sets the limit, and what is odd about the service. */
export const OBJECTIVES: [what: string, objectives: string[], service: { hiccups?: boolean; refuses?: boolean }][] = [
  ['a mean beside what breaks later', ['p(99)<2000', 'avg<80'], {}],
  ['a mean, every second for itself', ['rate<0.01', 'avg<80 for 1s'], {}],
  ['nothing may be refused', ['rate<=0'], { refuses: true }],
  ['a mean alone', ['avg<80'], {}],
  ['every second for itself', ['rate<0.01', 'p(99)<250 for 1s'], { hiccups: true }],
  ['nothing may be late or refused', ['p(99.99)<250', 'rate<=0'], { refuses: true }],
];

/** The limit is known by that objective. */
export async function expectLearnedBy(objectives: string[], service: (typeof OBJECTIVES)[number][2]): Promise<void> {
  const measured = toTarget({ url: 'http://127.0.0.1:1', objectives }, 'shop');
  const { ended } = await session({ limit: 400, ...service }, { target: measured, budgetMs: 300_000 });
  const { status, low, high, binding } = ended.limits[0] ?? {};
  expect(status).toBe('known');
  expect(low).toBeLessThanOrEqual(400);
  expect(high).toBeGreaterThanOrEqual(400);
  expect(binding).toBe(objectives.at(-1));
}
