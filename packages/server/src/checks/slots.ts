/** Lets that many do their work at once; the others wait in the order in which they came. */
export interface Slots {
  with<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async with(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        // Handed on, else free again.
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
