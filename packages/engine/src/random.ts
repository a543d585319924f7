/** A stream of random numbers that a seed repeats exactly, on every machine. */
export interface Random {
  /** The next number, uniform in [0, 1), with 32 bits of grain. */
  next(): number;
  /** A whole number, uniform in [0, below). */
  integer(below: number): number;
  /** An exponential number with mean 1. Never infinite. */
  exponential(): number;
}

/**
 * A small seeded generator: sfc32 (Chris Doty-Humphrey's Small Fast Counter, PractRand), four 32-bit words of state.
 * Seeds that differ in any of their low 53 bits give independent streams.
 */
export function createRandom(seed: number): Random {
  let a = seed >>> 0;
  let b = Math.floor(seed / 0x1_0000_0000) >>> 0;
  let c = 0x9e37_79b9;
  let counter = 1;

  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 0x1_0000_0000;
  };
  // The first outputs of neighboring seeds resemble one another; twelve rounds mix them (PractRand's own choice).
  for (let round = 0; round < 12; round++) next();

  return {
    next,
    integer: (below) => Math.floor(next() * below),
    exponential: () => -Math.log(1 - next()),
  };
}
