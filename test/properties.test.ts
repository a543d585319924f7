import fc from 'fast-check';
import { expect, it } from 'vitest';

it('draws the same values in each run of the quick tests, as many as a test asks for', () => {
  const drawn = (): number[] => {
    const values: number[] = [];
    fc.assert(
      fc.property(fc.nat(), (value) => void values.push(value)),
      { numRuns: 7 },
    );
    return values;
  };
  const values = drawn();
  expect(values).toHaveLength(7);
  expect(drawn()).toEqual(values);
});
