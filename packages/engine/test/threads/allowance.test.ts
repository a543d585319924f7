import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { drawOn, newAllowance, spentOf, whatIsSpent, type SharedAllowance } from '../../src/allowance.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startAnswering } from '../load/answering.js';
import { bookkeeping, collect, constant, order } from '../load/order.js';

const load = createThreadLoad({ threads: 2 });
afterAll(() => load.close());

const capped = (caps: Partial<Pick<SharedAllowance, 'maxRequests' | 'maxBadRequests'>>): SharedAllowance =>
  newAllowance({ maxRequests: null, maxBadRequests: null, ...caps }) as SharedAllowance;

/** Stops a run as a session would: when nothing more may be sent. */
async function run(what: Parameters<typeof order>[1] & { allowance: SharedAllowance }, url: string) {
  const stop = new AbortController();
  const watching = setInterval(() => whatIsSpent(what.allowance) !== null && stop.abort(), 20);
  try {
    return await collect(load, order(url, what), stop.signal);
  } finally {
    clearInterval(watching);
  }
}

const OPEN = { arrivals: constant(400, { maxConnections: 40 }), durationMs: 1_500 };
const CLOSED = { arrivals: { model: 'closed', connections: 20, thinkMs: 0 } as const, durationMs: 1_500 };

describe('what a session may send', () => {
  it.each([
    ['open', OPEN],
    ['closed', CLOSED],
  ])('is begun in full and never exceeded by two threads, %s model', async (_, what) => {
    const target = await startAnswering();
    const allowance = capped({ maxRequests: 101 });
    const { collector } = await run({ ...what, allowance }, target.url);
    // One that was still connecting when it ended was begun, and not seen.
    expect(target.seen.length).toBeLessThanOrEqual(101);
    expect(target.seen.length).toBeGreaterThan(101 - 40);
    expect(collector.whole().counts.sent).toBe(101);
    expect(spentOf(allowance)).toEqual({ requests: 101, bad: 0 });
    expect(bookkeeping(collector)).toEqual([]);
    await target.close();
  });

  it.each([
    ['open', OPEN],
    ['closed', CLOSED],
  ])('may go wrong as often as is allowed and no more, %s model', async (_, what) => {
    const target = await startAnswering((response) => {
      response.statusCode = 503;
      // All that may be under way is.
      setTimeout(() => response.end(), 30);
    });
    const allowance = capped({ maxBadRequests: 25 });
    const { collector } = await run({ ...what, allowance }, target.url);
    expect(target.seen.length).toBeLessThanOrEqual(25);
    expect(spentOf(allowance)).toEqual({ requests: 25, bad: 25 });
    expect(collector.whole().counts.good).toBe(0);
    await target.close();
  });

  it('counts what is not answered at all, and never has more under way than may go wrong', async () => {
    const target = await startAnswering(() => undefined);
    const allowance = capped({ maxBadRequests: 12 });
    await run({ ...OPEN, timeoutMs: 200, allowance }, target.url);
    expect(target.seen.length).toBeLessThanOrEqual(12);
    expect(spentOf(allowance).bad).toBe(12);
    await target.close();
  });

  it('is given back by good answers: a few bad ones do not end a run of many', async () => {
    const target = await startAnswering((response, _, number) => {
      response.statusCode = number % 20 === 0 ? 500 : 200;
      setTimeout(() => response.end(), 10);
    });
    const allowance = capped({ maxBadRequests: 100 });
    const { collector } = await run({ ...OPEN, durationMs: 1_000, allowance }, target.url);
    const { planned, droppedGenerator, sent, good } = collector.whole().counts;
    expect(planned).toBe(400);
    // A busy machine may keep the generator from sending some; nothing else does.
    expect(sent).toBe(planned - droppedGenerator);
    expect(spentOf(allowance)).toEqual({ requests: sent, bad: sent - good });
    await target.close();
  });

  it('waits its turn while as many are under way as may go wrong', async () => {
    let most = 0;
    let open = 0;
    const counted = await startAnswering((response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        response.end();
      }, 20);
    });
    const { collector } = await run(
      { ...OPEN, durationMs: 500, allowance: capped({ maxBadRequests: 4 }) },
      counted.url,
    );
    expect(most).toBeLessThanOrEqual(4);
    const { sent, good } = collector.whole().counts;
    expect(good).toBe(sent);
    expect(sent).toBeGreaterThan(40);
    await counted.close();
  });

  it('holds for any order of beginnings and ends', () => {
    const caps = fc.record({ maxRequests: fc.option(fc.nat(30)), maxBadRequests: fc.option(fc.nat(30)) });
    const moves = fc.array(fc.constantFrom('take', 'good', 'bad', 'giveBack'), { maxLength: 200 });
    fc.assert(
      fc.property(caps, moves, (asked, steps) => {
        const shared = newAllowance(asked);
        const hands = [drawOn(shared ?? undefined), drawOn(shared ?? undefined)];
        let begun = 0;
        let underWay = 0;
        let bad = 0;
        for (const [index, step] of steps.entries()) {
          const hand = hands[index % 2]!;
          if (step === 'take') {
            if (!hand.take()) continue;
            begun += 1;
            underWay += 1;
          } else if (underWay > 0) {
            hand[step]();
            underWay -= 1;
            if (step === 'bad') bad += 1;
            if (step === 'giveBack') begun -= 1;
          }
          expect(begun).toBeLessThanOrEqual(asked.maxRequests ?? Infinity);
          expect(bad + underWay).toBeLessThanOrEqual(asked.maxBadRequests ?? Infinity);
        }
        if (shared !== null) expect(spentOf(shared)).toEqual({ requests: begun, bad });
      }),
    );
  });
});
