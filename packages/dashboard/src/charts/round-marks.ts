/** Round values from 0 on, at most five of them. */
export function roundMarks(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  const step = [1, 2, 2.5, 5, 10].map((part) => part * power).find((size) => most / size < 5) ?? most;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}
