/** What a session may still send, in memory that all its threads share: they draw on the same counters. Null: no cap. */
export interface SharedAllowance {
  maxRequests: number | null;
  maxBadRequests: number | null;
  /** By {@link REQUESTS}, {@link RESERVED} and {@link BAD}. */
  counters: SharedArrayBuffer;
}

/** Requests begun. */
const REQUESTS = 0;
/** Requests that went wrong, and those under way: each of them may. */
const RESERVED = 1;
/** Requests that went wrong. */
const BAD = 2;
const COUNTERS = 3;

/** Requests of a session, and how many of them got an error answer or none. */
export interface Spent {
  requests: number;
  bad: number;
}

/**
 * Lets requests begin, one by one, and hears of their end. Never more than allowed are begun, in all threads together; and those under way are
 * never more than may still go wrong.
 */
export interface Allowance {
  /** Takes one request; false: not now, or never again. */
  take(): boolean;
  /** It ended well, or Hive itself cut it off. */
  good(): void;
  /** It got an error answer, or none. */
  bad(): void;
  /** It was not sent after all. */
  giveBack(): void;
}

/** What a session begins with, or goes on with; null where nothing is capped. */
export function newAllowance(
  { maxRequests, maxBadRequests }: { maxRequests: number | null; maxBadRequests: number | null },
  { requests, bad }: Spent = { requests: 0, bad: 0 },
): SharedAllowance | null {
  if (maxRequests === null && maxBadRequests === null) return null;
  const counters = new SharedArrayBuffer(COUNTERS * Int32Array.BYTES_PER_ELEMENT);
  new Int32Array(counters).set([requests, bad, bad]);
  return { maxRequests, maxBadRequests, counters };
}

/** What was drawn on an allowance so far. */
export function spentOf({ counters }: Pick<SharedAllowance, 'counters'>): Spent {
  const counts = new Int32Array(counters);
  return { requests: Atomics.load(counts, REQUESTS), bad: Atomics.load(counts, BAD) };
}

/** Counts what was sent elsewhere, where these counters cannot be shared. */
export function spend({ counters }: Pick<SharedAllowance, 'counters'>, { requests, bad }: Spent): void {
  const counts = new Int32Array(counters);
  Atomics.add(counts, REQUESTS, requests);
  Atomics.add(counts, RESERVED, bad);
  Atomics.add(counts, BAD, bad);
}

/** Which cap is reached, so that nothing more may be sent; null: none. */
export function whatIsSpent(shared: SharedAllowance): 'max_requests' | 'max_bad_requests' | null {
  const { requests, bad } = spentOf(shared);
  if (bad >= (shared.maxBadRequests ?? Infinity)) return 'max_bad_requests';
  return requests >= (shared.maxRequests ?? Infinity) ? 'max_requests' : null;
}

const UNLIMITED: Allowance = { take: () => true, good() {}, bad() {}, giveBack() {} };

/** One thread's way to an allowance; undefined: everything may be sent. */
export function drawOn(shared: SharedAllowance | undefined): Allowance {
  if (shared === undefined) return UNLIMITED;
  const { maxRequests, maxBadRequests } = shared;
  const counts = new Int32Array(shared.counters);
  const mostRequests = maxRequests ?? Infinity;
  const mostReserved = maxBadRequests ?? Infinity;

  function takeOf(counter: number, most: number): boolean {
    if (Atomics.add(counts, counter, 1) < most) return true;
    Atomics.sub(counts, counter, 1);
    return false;
  }

  return {
    take() {
      if (!takeOf(RESERVED, mostReserved)) return false;
      if (takeOf(REQUESTS, mostRequests)) return true;
      Atomics.sub(counts, RESERVED, 1);
      return false;
    },
    good: () => void Atomics.sub(counts, RESERVED, 1),
    bad: () => void Atomics.add(counts, BAD, 1),
    giveBack() {
      Atomics.sub(counts, RESERVED, 1);
      Atomics.sub(counts, REQUESTS, 1);
    },
  };
}
