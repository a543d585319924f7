export interface Moments {
  /** Looks up to here are the rest. */
  restUntilMs: number;
  loadFromMs: number;
  /** The first failure; null where nothing failed. */
  failedAtMs: number | null;
}

/** A series that left its idle range for good. */
export interface Moved {
  series: string;
  leftAtMs: number;
  /** How far from the rest's median it went, in half-widths of the band: 1 or more. */
  strength: number;
  /** The idle range. */
  from: { low: number; high: number };
  /** The farthest value. */
  to: number;
  /** The hint with its evidence. */
  sentence: string;
}
