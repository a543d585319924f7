import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { follow, unseen, type Sign, type Turn } from '../../src/incidents/follow.js';

const SIGNS: Record<string, Sign> = { g: 'good', b: 'bad', '-': 'none' };
const START = '2026-01-31T12:00:00.000Z';
const atOf = (index: number): string => new Date(Date.parse(START) + (index + 1) * 60_000).toISOString();

/** What each result made of the incident, and how it stood then. */
function play(signs: string, closeAfter = 2) {
  let state = unseen(START);
  return signs.split('').map((sign, index) => {
    const { state: next, turn } = follow(state, { at: atOf(index), sign: SIGNS[sign] ?? 'none' }, closeAfter);
    // A restart in the middle: nothing but what is stored goes on.
    state = JSON.parse(JSON.stringify(next)) as typeof next;
    return { turn, ...state };
  });
}
const turnsOf = (signs: string, closeAfter?: number): (Turn | null)[] =>
  play(signs, closeAfter).map(({ turn }) => turn);
const told = (signs: string, closeAfter?: number): string =>
  turnsOf(signs, closeAfter)
    .map((turn) => (turn === null ? '.' : { opened: 'O', closed: 'C', flapping: 'F', failing: '3' }[turn]))
    .join('');

describe('a rule', () => {
  it.each([
    ['a failure opens', 'ggb', '..O'],
    ['two passes close', 'bgg', 'O.C'],
    ['one pass does not', 'bgbgg', 'O...C'],
    ['what is unusable neither opens nor closes', '--b-g-g-', '..O...C.'],
    ['a limit closes at once', 'bbgb', 'O.CO', 1],
    ['more than 5 changes in 21 are flapping, told once', 'bgbgbgbgbg', 'O.....F...'],
    ['10 in a row end it', `bgbgbgb${'g'.repeat(10)}`, `O.....F${'.'.repeat(9)}C`],
    ['3 failures in a row end it, and are told', 'bgbgbgbgbbbgg', 'O.....F...3.C'],
    ['what is over is not held against it', `bgbgbgb${'g'.repeat(10)}bgg`, `O.....F${'.'.repeat(9)}CO.C`],
  ])('%s', (_, signs, expected, closeAfter = 2) => {
    expect(told(signs, closeAfter)).toBe(expected);
  });

  const signs = fc.string({ unit: fc.constantFrom('g', 'b', '-'), maxLength: 120 });

  it('never hides three failures in a row', () => {
    fc.assert(
      fc.property(signs, (text) => {
        const steps = play(text);
        let bads = 0;
        for (const [index, sign] of text.split('').entries()) {
          bads = sign === 'b' ? bads + 1 : sign === 'g' ? 0 : bads;
          if (bads < 3) continue;
          const step = steps[index];
          expect([step?.isOpen, step?.flapping]).toEqual([true, false]);
          // Somebody was told since it was silent last.
          const last = steps.slice(0, index + 1).findLast(({ turn }) => turn !== null)?.turn;
          expect(['opened', 'failing']).toContain(last);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells what is and is not open, in turn, and is silent while it flaps', () => {
    fc.assert(
      fc.property(signs, (text) => {
        let open = false;
        let flapping = false;
        for (const { turn, isOpen, flapping: isFlapping } of play(text)) {
          if (turn === 'opened') expect(open).toBe(false);
          if (turn === 'closed') expect(open).toBe(true);
          if (flapping) expect(['failing', 'closed', null]).toContain(turn);
          if (turn !== null) [open, flapping] = [turn !== 'closed', turn === 'flapping'];
          expect([isOpen, isFlapping]).toEqual([open, flapping]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('repeats nothing that it has seen', () => {
    fc.assert(
      fc.property(signs, fc.nat(), (text, at) => {
        const steps = play(text);
        const step = steps[at % Math.max(1, steps.length)];
        if (step === undefined) return;
        const { turn: _turn, ...state } = step;
        for (let index = 0; index <= at % steps.length; index += 1) {
          const again = follow(state, { at: atOf(index), sign: SIGNS[text[index] ?? '-'] ?? 'none' }, 2);
          expect(again).toEqual({ state, turn: null });
        }
      }),
    );
  });

  it('needs two passes in a row to close, unusable results aside', () => {
    fc.assert(
      fc.property(signs, (text) => {
        for (const [index, turn] of turnsOf(text).entries()) {
          if (turn !== 'closed') continue;
          expect(text.slice(0, index + 1).replaceAll('-', '')).toMatch(/gg$/);
        }
      }),
    );
  });
});
