import { describe, expect, it } from 'vitest';
import { gapFrame } from '../../src/api/live/frames.js';
import { createOutbox, type Outbox } from '../../src/api/live/outbox.js';

const drain = (outbox: Outbox): string[] => {
  const frames: string[] = [];
  for (let frame = outbox.take(); frame !== null; frame = outbox.take()) frames.push(String(frame));
  return frames;
};
const gap = (from: number, to: number): string => `gap ${from}-${to}`;
const event = (seq: number) => ({ seq, frame: `event ${seq}`, windowOf: null });
const window = (seq: number, scenario = 'a') => ({ seq, frame: `window ${seq}`, windowOf: scenario });

describe('outbox', () => {
  it('passes on what comes, in order', () => {
    const outbox = createOutbox(gap);
    for (const seq of [1, 2, 3]) outbox.push(event(seq));
    expect(drain(outbox)).toEqual(['event 1', 'event 2', 'event 3']);
    expect(outbox.take()).toBeNull();
  });

  it('keeps of each scenario the newest window only, and every event', () => {
    const outbox = createOutbox(gap);
    outbox.push(window(1));
    outbox.push(event(2));
    outbox.push(window(3));
    outbox.push(window(4, 'b'));
    outbox.push(window(5));
    outbox.push(event(6));
    expect(drain(outbox)).toEqual(['event 2', 'window 4', 'window 5', 'event 6']);
  });

  it('never grows: what is too much becomes one gap from the first to the last given up', () => {
    const outbox = createOutbox(gap, 3);
    for (let seq = 1; seq <= 4; seq += 1) outbox.push(event(seq));
    outbox.push(event(5));
    expect(drain(outbox)).toEqual(['gap 1-4', 'event 5']);
    expect(outbox.hopeless).toBe(false);
  });

  it('windows alone never overflow it', () => {
    const outbox = createOutbox(gap, 3);
    for (let seq = 1; seq <= 1_000; seq += 1) outbox.push(window(seq));
    expect(drain(outbox)).toEqual(['window 1000']);
  });

  it('is hopeless when it overflows again before the gap was taken', () => {
    const outbox = createOutbox(gap, 3);
    for (let seq = 1; seq <= 7; seq += 1) outbox.push(event(seq));
    expect(outbox.hopeless).toBe(false);
    outbox.push(event(8));
    expect(outbox.hopeless).toBe(true);
  });

  it('may overflow again and again as long as its reader comes back', () => {
    const outbox = createOutbox(gap, 3);
    for (let seq = 1; seq <= 4; seq += 1) outbox.push(event(seq));
    expect(outbox.take()).toBe('gap 1-4');
    for (let seq = 5; seq <= 8; seq += 1) outbox.push(event(seq));
    expect(outbox.hopeless).toBe(false);
    expect(drain(outbox)).toEqual(['gap 5-8']);
  });

  it('gives a gap the seq of the last message lost', () => {
    expect(JSON.parse(gapFrame(3, 9))).toMatchObject({ v: 1, seq: 9, type: 'gap', data: { from: 3, to: 9 } });
  });
});
