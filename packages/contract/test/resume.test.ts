import { expect, it } from 'vitest';
import { mayResume, newExecutionId, restSeconds, whyNotResume, type SessionRow } from '../src/index.js';
import { session } from './samples.js';

it.each<[string | null, Partial<SessionRow>]>([
  [null, { status: 'interrupted' }],
  [null, { status: 'stopped', budget_seconds: null }],
  [null, { status: 'failed', runtime_seconds: 115 }],
  ['used_up', { status: 'failed', runtime_seconds: 115.1 }],
  // One of 0.1.0 has kept only when it began and ended.
  ['used_up', { status: 'interrupted', runtime_seconds: null, ended_at: '2026-01-31T12:02:00.000Z' }],
  ['running', { status: 'running' }],
  ['completed', { status: 'completed' }],
  ['single_run', { id: newExecutionId(), status: 'stopped' }],
])('a session cannot go on because it is %s', (refused, change) => {
  const row = { ...session, ...change };
  expect([whyNotResume(row), mayResume(row)]).toEqual([refused, refused === null]);
});

it('has the rest of its budget, if it has one', () => {
  expect(restSeconds({ ...session, budget_seconds: 120, runtime_seconds: 58.5 })).toBe(61.5);
  expect(restSeconds({ ...session, budget_seconds: null })).toBeNull();
});
