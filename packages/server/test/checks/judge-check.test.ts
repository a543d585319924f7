import type { AskedInTurn } from '@hive/engine';
import { describe, expect, it } from 'vitest';
import { isDown, judgeCheck, missesOf, problemsOf, slowBy } from '../../src/checks/judge-check.js';
import { sharesWith } from '../../src/checks/shares.js';
import { sampleTarget } from '../store/samples.js';

const good = (ms = 20): AskedInTurn => ({ node: 'a', request: 'default', good: true, ms, problem: null });
const bad: AskedInTurn = {
  node: 'a',
  request: 'default',
  good: false,
  ms: null,
  problem: 'the connection was refused',
};
const asked = (badOnes: number, count = 5): AskedInTurn[] =>
  Array.from({ length: count }, (_, index) => (index < badOnes ? bad : good()));
const usual = { loaded: false, slow: null, certificateDays: null };

describe('whether a target is down', () => {
  it.each([
    [0, 5, false],
    [2, 5, false],
    [3, 5, true],
    [5, 5, true],
    [4, 7, false],
    [5, 7, true],
    [0, 0, false],
  ])('%i of %i without an acceptable answer: %s', (missing, of, expected) => {
    expect(isDown(asked(missing, of))).toBe(expected);
  });
});

describe('whether a target is slow', () => {
  const objectives = ['p(99)<250', 'rate<0.01', 'avg<100'];
  const check = (slow: number) =>
    missesOf([...Array.from({ length: slow }, () => good(300)), ...asked(0, 5 - slow)], objectives);

  it('counts what missed each objective that counts requests', () => {
    expect(missesOf([good(), good(251), bad, good(), good()], objectives)).toEqual([
      { expression: 'p(99)<250', asked: 5, missed: 2 },
      { expression: 'rate<0.01', asked: 5, missed: 1 },
    ]);
  });

  it.each([
    ['9 of 300', 9, false],
    ['11 of 300', 11, false],
    ['12 of 300', 12, true],
  ])('%s requests beyond the objective: %s', (_, slow, expected) => {
    const before = Array.from({ length: 59 }, (_unused, index) => check(index < slow - 1 ? 1 : 0));
    expect(slowBy(check(1), before) !== null).toBe(expected);
  });

  it('does not count what is older than 300 requests', () => {
    const before = [...Array.from({ length: 59 }, () => check(0)), ...Array.from({ length: 20 }, () => check(5))];
    expect(slowBy(check(0), before)).toBeNull();
  });

  it('says so before 300 were checked where as many were slow', () => {
    expect(slowBy(check(5), [check(5)])).toBeNull();
    expect(slowBy(check(5), [check(5), check(2)])).toEqual({ expression: 'p(99)<250', missed: 12 });
  });
});

describe('what a check comes to', () => {
  it.each([
    ['pass', { asked: asked(2) }, null],
    ['fail', { asked: asked(3) }, '3 of 5 requests failed: the connection was refused (a)'],
    ['under_load', { asked: asked(5), loaded: true }, 'Hive loads this target'],
    ['invalid', { asked: [] }, 'no request of this target only reads'],
    ['degraded', { asked: asked(0), slow: { expression: 'p(99)<250', missed: 12 } }, '12 of the last 300'],
    ['pass', { asked: asked(0), certificateDays: 22 }, null],
    ['degraded', { asked: asked(0), certificateDays: 21 }, 'its certificate ends in 21 days'],
    ['degraded', { asked: asked(0), certificateDays: -1 }, 'its certificate has ended'],
    ['fail', { asked: asked(5), certificateDays: 3 }, '5 of 5'],
  ] as const)('%s: %j', (result, seen, reason) => {
    const { asked: all, ...rest } = seen;
    const judged = judgeCheck({ ...usual, ...rest, seen: [{ region: null, asked: all }] });
    expect(judged.result).toBe(result);
    if (reason === null) expect(judged.reason).toBeNull();
    else expect(judged.reason).toContain(reason);
  });
});

describe('what a check from several regions comes to', () => {
  const from = (...down: boolean[]) =>
    down.map((isBad, index) => ({ region: ['eu', 'us', 'ap'][index] ?? '', asked: asked(isBad ? 4 : 0) }));
  it.each([
    ['pass', from(false, false), null],
    [
      'degraded',
      from(true, false),
      'from eu: 4 of 5 requests failed: the connection was refused (a); it answers 1 of 2',
    ],
    ['degraded', from(false, true, false), 'from us: '],
    ['fail', from(true, true, false), 'from eu, us: 8 of 10 requests failed: the connection was refused (a)'],
    ['fail', from(true, true), 'from eu, us: 8 of 10'],
  ] as const)('%s', (result, seen, reason) => {
    const judged = judgeCheck({ ...usual, seen });
    expect([judged.result, judged.reason]).toEqual([result, reason === null ? null : expect.stringContaining(reason)]);
  });

  it('names the region of each problem', () => {
    expect(problemsOf(from(true, false))).toEqual([
      { node: 'a', request: 'default', problem: 'the connection was refused', count: 4, region: 'eu' },
    ]);
  });
});

it('knows targets that share a node or a dependency', () => {
  const node = (url: string) => ({ url, weight: 1 });
  const shop = sampleTarget({ id: 'shop', nodes: [node('http://127.0.0.1:80/shop'), node('http://127.0.0.1:81')] });
  const cart = sampleTarget({ id: 'cart', nodes: [node('http://127.0.0.1/cart')] });
  const mail = sampleTarget({ id: 'mail', nodes: [node('https://127.0.0.1')], dependencies: [] });
  const store = sampleTarget({
    nodes: [node('http://127.0.0.1:90')],
    dependencies: [{ name: 'db', address: '127.0.0.1:443' }],
  });
  expect([sharesWith(shop, cart), sharesWith(shop, mail), sharesWith(mail, store)]).toEqual([true, false, true]);
});
