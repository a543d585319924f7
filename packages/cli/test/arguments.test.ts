import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Limit } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { expectationOption, judgeExpectation, type Expectation } from '../src/arguments/expectation.js';
import { durationOption, objectiveOption, rateOption, shareOption, wholeOption } from '../src/arguments/option.js';
import { headerOption, toRequestTarget } from '../src/arguments/request.js';

describe('options', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1m30s', 90_000],
  ])('reads the duration %s', (text, ms) => expect(durationOption(text)).toBe(ms));

  it.each(['10', 'fast', '', '-1s', '1x'])('refuses the duration %j', (text) =>
    expect(() => durationOption(text)).toThrow('is not a duration'),
  );

  it.each([
    ['50/s', 50],
    ['3000/m', 50],
    ['50', 50],
  ])('reads the rate %s', (text, perSecond) => expect(rateOption(text)).toBe(perSecond));

  it.each(['0/s', '-5/s', 'x', '5/d'])('refuses the rate %j', (text) =>
    expect(() => rateOption(text)).toThrow('is not a rate'),
  );

  it.each([
    ['5%', 0.05],
    ['0.05', 0.05],
  ])('reads the share %s', (text, share) => expect(shareOption(0.01, 0.5)(text)).toBeCloseTo(share));
  it.each(['0', '51%', '5', 'x'])('refuses the share %j', (text) =>
    expect(() => shareOption(0.01, 0.5)(text)).toThrow('1% to 50%'),
  );

  it.each(['0', '11', '1.5', '-1', '', 'x', '1e1'])('refuses the whole number %j', (text) =>
    expect(() => wholeOption(1, 10)(text)).toThrow('from 1 to 10'),
  );

  it('collects repeated values, each checked', () => {
    expect(objectiveOption('rate<0.01', ['p(99)<250'])).toEqual(['p(99)<250', 'rate<0.01']);
    expect(() => objectiveOption('p(99)>250', undefined)).toThrow('p(99)>250');
    expect(headerOption('X-A:  b: c ', undefined)).toEqual([['X-A', 'b: c']]);
    for (const text of ['no colon', ': x', 'a b: c', 'a: b\r\nc: d'])
      expect(() => headerOption(text, undefined)).toThrow();
  });
});

describe('toRequestTarget', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', '/', '127.0.0.1-8080'],
    ['127.0.0.1:8080/a?b=c', 'http://127.0.0.1:8080', '/a?b=c', '127.0.0.1-8080-a'],
    ['localhost', 'http://localhost', '/', 'localhost'],
    ['https://example.org/x/#top', 'https://example.org', '/x/', 'example.org-x'],
    ['http://[::1]:9/', 'http://[::1]:9', '/', '1-9'],
    ['http://2130706433/', 'http://127.0.0.1', '/', '127.0.0.1'],
  ])('%s', (address, origin, path, id) => {
    const target = toRequestTarget(address, {});
    expect(target).toMatchObject({ id, nodes: [{ url: origin }], requests: [{ method: 'GET', path }] });
    expect(target.safety.allowWrites).toBe(false);
    expect(target.objectives).toEqual(['p(99)<250', 'rate<0.01']);
  });

  it('takes method, headers, body and objectives; -X is the permission to write', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'hive-cli-'));
    const path = join(directory, 'body.json');
    await writeFile(path, '{"a":1}');
    const target = toRequestTarget('http://localhost/', {
      request: 'post',
      header: [['x-a', 'b']],
      body: `@${path}`,
      objective: ['avg<80'],
      insecure: true,
    });
    expect(target).toMatchObject({
      insecure: true,
      objectives: ['avg<80'],
      safety: { allowWrites: true },
      requests: [{ method: 'POST', headers: { 'x-a': 'b' }, bodyBase64: btoa('{"a":1}') }],
    });
    await rm(directory, { recursive: true });
  });

  it('sends credentials of the address as a header', () => {
    const target = toRequestTarget('http://user:p%40ss@localhost/', {});
    expect(target.nodes[0]?.url).toBe('http://localhost');
    expect(target.requests[0]?.headers).toEqual({ authorization: `Basic ${btoa('user:p@ss')}` });
  });

  it.each([
    ['ftp://localhost/', {}, 'neither http'],
    ['http://', {}, 'is not a URL'],
    ['http://local host/', {}, 'is not a URL'],
    ['http://localhost/', { body: 'x' }, '--body needs a method'],
    ['http://localhost/', { body: '@/no/such/file', request: 'POST' }, 'ENOENT'],
    ['http://localhost/', { request: 'G T' }, 'method'],
  ])('refuses %s %j', (address, options, words) => {
    expect(() => toRequestTarget(address, options)).toThrow(words);
  });
});

describe('expectations', () => {
  it.each(['load_balancing', 'load_balancing=5', 'speed>=5', 'load_balancing>=fast', '>=5', 'load_balancing.held>=5'])(
    'refuses %j',
    (text) => expect(() => expectationOption(text, undefined)).toThrow('load_balancing>=500'),
  );
  it.each(['load_balancing.safe<=5', 'load_balancing.safe < 5'])('refuses %j, which says nothing', (text) =>
    expect(() => expectationOption(text, undefined)).toThrow('load_balancing.safe>=5'),
  );

  const limit = (given: Partial<Limit>): Limit =>
    ({ kind: 'load_balancing', status: 'known', estimate: 400, low: 390, high: 410, ...given }) as Limit;

  it.each([
    ['load_balancing>=390', {}, 'passed'],
    ['load_balancing > 390', {}, 'failed'],
    ['load_balancing>=400', {}, 'failed'],
    ['load_balancing<=410', {}, 'passed'],
    ['load_balancing<410', {}, 'failed'],
    ['load_balancing>=390', { status: 'at_least', high: null }, 'passed'],
    ['load_balancing<=500', { status: 'at_least', high: null }, 'failed'],
    ['load_balancing<=500', { status: 'below', low: null }, 'passed'],
    ['load_balancing>=1', { status: 'unknown', low: null, high: null }, 'failed'],
    ['load_balancing>=1', { status: 'not_applicable', low: null, high: null }, 'failed'],
    ['concurrent_requests>=1', {}, 'failed'],
  ] as const)('%s with %j: %s', (text, given, outcome) => {
    const [expectation] = expectationOption(text, undefined) as [Expectation];
    for (const mustHold of [false, true])
      expect(judgeExpectation(expectation, [limit(given as Partial<Limit>)], { mustHold }).outcome).toBe(outcome);
  });

  it.each([
    [{ safe: 300 }, false, 'passed', 300],
    [{ safe: 299 }, false, 'failed', 299],
    [{ safe: null, status: 'below' }, false, 'failed', null],
    [{ safe: 300 }, true, 'failed', null],
    [{ safe: 300, heldSeconds: 298 }, true, 'passed', 300],
    [{ safe: 270, heldSeconds: 298 }, true, 'failed', 270],
  ] as const)('what is safe, %j, when a hold is a must (%j): %s', (given, mustHold, outcome, low) => {
    const [expectation] = expectationOption('load_balancing.safe>=300', undefined) as [Expectation];
    expect(judgeExpectation(expectation, [limit(given)], { mustHold })).toEqual({
      kind: 'load_balancing',
      expression: 'load_balancing.safe>=300',
      observed: { low, high: null },
      outcome,
    });
  });
});
