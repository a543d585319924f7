import { describe, expect, it } from 'vitest';
import { createAlike } from '../../src/metrics/alike.js';
import { joinExamples, MOST_EXAMPLES, noteExample } from '../../src/metrics/examples.js';
import type { ErrorDetail, Exchange, Tick, TickExample } from '../../src/measuring.js';

const detail = (code: string, came: string | null = null): ErrorDetail => ({
  code,
  inWords: () => `about ${code}`,
  came: () => came,
});
const exchange = (of: Partial<Exchange>): Exchange => ({ status: 0, requestClass: 0, node: 0, ...of }) as Exchange;

describe('ways of going wrong', () => {
  it('keep the first of each, and count the others', () => {
    const examples: TickExample[] = [];
    for (const status of [401, 401, 404])
      noteExample(examples, exchange({ status, detail: detail('', `says ${status}`) }), 'http_4xx');
    noteExample(examples, exchange({ detail: detail('ECONNREFUSED') }), 'refused');
    noteExample(examples, exchange({ detail: null }), 'reset');
    expect(examples.map(({ code, inWords, came, count }) => [code, inWords, came, count])).toEqual([
      ['401', null, 'says 401', 2],
      ['404', null, 'says 404', 1],
      ['ECONNREFUSED', 'about ECONNREFUSED', null, 1],
    ]);
  });

  it('are bounded in number and in length, within a tick and over a run', () => {
    const examples: TickExample[] = [];
    for (let way = 0; way < 100; way++)
      noteExample(examples, exchange({ detail: detail(`W${way}`, 'x'.repeat(10_000)) }), 'protocol');
    expect(examples).toHaveLength(MOST_EXAMPLES);
    expect(examples[0]?.came).toHaveLength(300);
    const others = examples.map((one) => ({ ...one, code: `other ${one.code}` }));
    const joined = joinExamples(examples, others, examples);
    expect([joined.length, joined[0]?.count, examples[0]?.count]).toEqual([MOST_EXAMPLES, 2, 1]);
  });
});

describe('requests that all go wrong alike', () => {
  const example = (count: number, code = '401'): TickExample => ({
    kind: 'http_4xx',
    code,
    inWords: null,
    came: null,
    requestClass: 0,
    node: 0,
    count,
  });
  const tick = (toMs: number, answered: number, examples: TickExample[], good = 0): Tick =>
    ({ toMs, parts: [{ counts: { answered, good, failed: 0, timedOut: 0 }, examples }] }) as unknown as Tick;

  it('are told once there are ten, or three in a second', () => {
    const alike = createAlike();
    alike.add(tick(250, 2, [example(2)]));
    expect([alike.soFar(), alike.all()?.count]).toEqual([null, 2]);
    alike.add(tick(500, 8, [example(8)]));
    expect(alike.soFar()).toMatchObject({ code: '401', count: 10 });
    const slow = createAlike();
    slow.add(tick(1_000, 3, [example(3)]));
    expect(slow.soFar()).toMatchObject({ count: 3 });
  });

  it.each([
    ['one was good', tick(500, 1, [], 1)],
    ['one went wrong otherwise', tick(500, 1, [example(1, '403')])],
    ['one went wrong and nobody knows how', tick(500, 1, [])],
  ])('are not alike where %s', (_, other) => {
    const alike = createAlike();
    alike.add(tick(250, 20, [example(20)]));
    alike.add(other);
    expect([alike.soFar(), alike.all()]).toEqual([null, null]);
  });
});
