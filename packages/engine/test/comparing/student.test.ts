import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studentBelow, studentQuantile } from '../../src/comparing/student.js';

describe("Student's t", () => {
  // Published tables (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2); the last row is the normal distribution.
  it.each([
    [0.975, 1, 12.7062],
    [0.95, 7, 1.894_579],
    [0.975, 7, 2.364_624],
    [0.995, 7, 3.499_483],
    [0.975, 19, 2.093_024],
    [0.9975, 28, 3.046_929],
    [0.975, 1e6, 1.959_966],
  ])('is below its quantile of %f with %i degrees of freedom at %f', (chance, freedom, value) => {
    expect(studentQuantile(chance, freedom)).toBeCloseTo(value, 4);
    expect(studentQuantile(1 - chance, freedom)).toBeCloseTo(-value, 4);
  });

  it('is below its own quantile as often as was asked, and lies even about zero', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 1, max: 200, noNaN: true }),
        (chance, freedom) => {
          const value = studentQuantile(chance, freedom);
          expect(studentBelow(value, freedom)).toBeCloseTo(chance, 9);
          expect(studentBelow(-value, freedom)).toBeCloseTo(1 - chance, 9);
        },
      ),
    );
  });
});
