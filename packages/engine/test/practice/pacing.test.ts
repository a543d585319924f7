import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkBytes, createLink, createTransfer } from '../../src/practice/pacing.js';

const UNBOUNDED = Number.POSITIVE_INFINITY;

/** When a body of `bytes` is through, moved in pieces, each told as late as `lateMs` says. */
function endMs(
  given: { bytes: number; bytesPerSecond: number; burstBytes: number; bandwidth?: number },
  lateMs: () => number = () => 0,
): number {
  const link = createLink(given.bandwidth ?? UNBOUNDED);
  const transfer = createTransfer({ link, startMs: 1_000, ...given });
  let nowMs = 1_000;
  let dueMs = nowMs;
  for (let left = given.bytes; left > 0; left -= 10_000) {
    dueMs = transfer.pass(Math.min(left, 10_000), nowMs);
    nowMs = Math.max(nowMs, dueMs + lateMs());
  }
  return dueMs - 1_000;
}

describe('createTransfer', () => {
  it.each([
    [100_000, 100],
    [600_000, 350],
    [1_100_000, 600],
  ])('moves %d bytes in (bytes − burst) ÷ rate', (bytes, ms) => {
    const given = { bytes, bytesPerSecond: 2_000_000, burstBytes: 0 };
    expect(endMs(given)).toBeCloseTo(bytes / 2_000, 6);
    const burst = bytes - ms * 2_000;
    if (burst >= 0) expect(endMs({ ...given, burstBytes: burst })).toBeCloseTo(ms, 6);
  });

  it('loses nothing to late timers', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 1 }), (late) => {
        let turn = 0;
        const lateMs = (): number => late[turn++ % late.length] as number;
        const own = { bytes: 1_000_000, bytesPerSecond: 1_000_000, burstBytes: 0 };
        expect(endMs(own, lateMs)).toBeCloseTo(1_000, 6);
        const shared = { ...own, bytesPerSecond: UNBOUNDED, bandwidth: 1_000_000 };
        expect(endMs(shared, lateMs)).toBeCloseTo(1_000, 6);
      }),
    );
  });

  it('is not slowed at all without bounds', () => {
    expect(endMs({ bytes: 5_000_000, bytesPerSecond: UNBOUNDED, burstBytes: 0 })).toBe(0);
  });
});

describe('createLink', () => {
  it('is shared: two bodies at once take twice as long, one after the other as long as alone', () => {
    const link = createLink(1_000_000);
    const begin = (startMs: number) => createTransfer({ link, bytesPerSecond: UNBOUNDED, burstBytes: 0, startMs });
    const [one, two] = [begin(0), begin(0)];
    let dueMs = 0;
    for (let index = 0; index < 10; index += 1) {
      one.pass(10_000, dueMs);
      dueMs = two.pass(10_000, dueMs);
    }
    expect(dueMs).toBeCloseTo(200, 6);
    expect(begin(500).pass(100_000, 500)).toBeCloseTo(600, 6);
  });

  it('gives a slow reader nothing back', () => {
    const link = createLink(1_000_000);
    const transfer = createTransfer({ link, bytesPerSecond: UNBOUNDED, burstBytes: 0, startMs: 0 });
    transfer.pass(10_000, 0);
    expect(transfer.pass(100_000, 5_000)).toBeGreaterThan(5_000);
  });
});

describe('chunkBytes', () => {
  it.each([
    [1_000, 1_460],
    [2_500_000, 12_500],
    [UNBOUNDED, 65_536],
  ])('at %d bytes a second is %d', (rate, bytes) => expect(chunkBytes(rate)).toBe(bytes));
});
