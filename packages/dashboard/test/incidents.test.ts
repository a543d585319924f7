import { ruleInputSchema, type Incident, type IncidentDetail, type ServiceCheck } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { incidentsAddress, incidentsFilterOf } from '../src/panels/incidents/incidents-filter.js';
import { describeRule, ruleOf } from '../src/panels/incidents/described-rule.js';
import { failuresOf, sayWhetherReal } from '../src/panels/incidents/judge-incident.js';
import { at } from './message-samples.js';

const incident: Incident = {
  id: 'inc_1',
  ruleId: 'rul_checks_fail',
  rule: 'Checks fail',
  target: 'checkout',
  severity: 'page',
  status: 'open',
  flapping: false,
  openedAt: at(30_000),
  since: at(0),
  closedAt: null,
  summary: '3 of 5 requests failed',
  observed: null,
  allowed: null,
  trust: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  mutedUntil: null,
  groupId: null,
  labels: {},
};

const check = (offsetMs: number, problems: ServiceCheck['problems'] = []): ServiceCheck => ({
  id: `chk_${offsetMs}`,
  target: 'checkout',
  scheduleId: null,
  at: at(offsetMs),
  result: problems.length > 0 ? 'fail' : 'pass',
  reason: null,
  asked: 5,
  good: 5,
  medianMs: 10,
  slowestMs: 20,
  attempts: 1,
  problems,
  objectives: [],
  certificateDays: null,
});

const detail = (change: Partial<IncidentDetail>): IncidentDetail => ({
  incident,
  events: [],
  deliveries: [],
  others: [],
  machine: null,
  checks: [],
  lastGood: null,
  firstBad: null,
  marks: [],
  sessions: [],
  earlier: [],
  together: [],
  runbook: null,
  scheduleId: null,
  ...change,
});
const other = (target: string, result: 'pass' | 'fail' | 'invalid') => ({ target, at: at(0), result });

describe('whether an incident is real', () => {
  it('is told by the other targets', () => {
    const say = (others: IncidentDetail['others']) => sayWhetherReal(detail({ others }))[0];
    expect(say([])).toContain('nothing compares with it');
    expect(say([other('a', 'invalid')])).toContain('nothing compares with it');
    expect(say([other('a', 'pass'), other('b', 'pass')])).toContain('2 other targets answered');
    expect(say([other('a', 'fail'), other('b', 'fail')])).toContain('All 2 other targets failed too');
    expect(say([other('a', 'fail'), other('b', 'pass')])).toBe(
      'a failed too, 1 other did not: look at what they share.',
    );
  });

  it('is told by the machine of Hive', () => {
    const say = (loadPerCore: number) => sayWhetherReal(detail({ machine: { loadPerCore, cores: 2 } }))[1];
    expect(say(0.3)).toContain('was not busy (load 0.3 per core, 2 cores)');
    expect(say(1.4)).toContain('was busy');
  });
});

it('failures are counted by node and request from the beginning on, with the first error', () => {
  const refused = { node: 'http://b', request: 'pay', problem: 'connection refused', count: 2 };
  const slow = { node: 'http://a', request: 'pay', problem: 'no answer within 5 s', count: 1 };
  const checks = [check(-60_000, [slow]), check(0, [refused]), check(30_000, [refused, slow]), check(60_000)];
  expect(failuresOf(detail({ checks }))).toEqual({
    byNode: [
      { name: 'http://b', count: 4, problem: 'connection refused' },
      { name: 'http://a', count: 1, problem: 'no answer within 5 s' },
    ],
    byRequest: [{ name: 'pay', count: 5, problem: 'connection refused' }],
    first: { at: at(0), node: 'http://b', request: 'pay', problem: 'connection refused' },
  });
  expect(failuresOf(detail({ checks: [check(0)] })).first).toBeNull();
});

it('the filters of the list are in its address, days as whole days', () => {
  const filter = incidentsFilterOf({ target: 'shop', from: '2026-01-31', to: '2026-01-31', other: 'x' });
  expect(filter).toEqual({ target: 'shop', from: '2026-01-31T00:00:00.000Z', to: '2026-01-31T23:59:59.999Z' });
  expect(incidentsFilterOf(Object.fromEntries(new URL(`http://x${incidentsAddress(filter)}`).searchParams))).toEqual(
    filter,
  );
  expect(incidentsFilterOf({ from: 'yesterday', target: '' })).toEqual({});
});

describe('a rule in a form', () => {
  it('goes to the channels that it went to, and to those that are chosen', () => {
    const routes = [
      { when: { team: 'shop', severity: 'page' }, to: ['pd-shop'] },
      { when: {}, to: ['chat', 'mail'] },
    ];
    const made = { id: 'rul_1', createdAt: at(0), changedAt: at(0), name: 'Slow', target: null };
    const rest = { severity: 'page' as const, labels: {}, remindMinutes: null, on: true };
    const form = describeRule({ ...made, ...rest, when: { type: 'worse' }, routes });
    expect(form.routes[0]).toEqual({ when: 'team=shop, severity=page', to: ['pd-shop'] });
    expect(ruleOf(form, true).routes).toEqual(routes);
    const changed = ruleOf({ ...form, routes: [{ when: ' severity=ticket', to: ['chat'] }] }, true);
    expect(ruleInputSchema.parse(changed).routes).toEqual([{ when: { severity: 'ticket' }, to: ['chat'] }]);
  });
});
