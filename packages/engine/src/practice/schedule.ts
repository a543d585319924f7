/** A request inside the schedule. `startMs` and `endMs` are NaN until it has a slot. */
export interface Job<Item> {
  readonly item: Item;
  readonly arrivedMs: number;
  startMs: number;
  endMs: number;
  /** Its caller went away while it waited: it will take no slot. */
  left: boolean;
}

/** Slots and one first-come-first-served queue, as a pure state machine over the times it is told. */
export interface Schedule<Item> {
  /** Takes a request at `nowMs`, or refuses it (null) when every slot is busy and the queue is full. */
  offer(item: Item, nowMs: number): Job<Item> | null;
  /** The caller of `job` went away: a waiting job leaves the queue, a running one holds its slot to its end. */
  leave(job: Job<Item>, nowMs: number): void;
  /** Moves time on. Returns the jobs that ended at or before `nowMs`, in the order of their ends. */
  advance(nowMs: number): Job<Item>[];
  /** When the next running job ends, or null when none runs. */
  nextEndMs(): number | null;
  readonly running: number;
  readonly waiting: number;
}

/**
 * A waiting job starts at the *scheduled* end of the job before it in that slot, however late `advance` is called: timers
 * cost no capacity, which is exactly workers ÷ mean service time.
 */
export function createSchedule<Item>(options: {
  workers: number;
  queueLimit: number;
  /** Draws the service time of `item` when it gets its slot, ms. */
  serviceMs: (item: Item) => number;
}): Schedule<Item> {
  const slots: Job<Item>[] = [];
  let queue: Job<Item>[] = [];
  let head = 0;
  let waiting = 0;

  function start(job: Job<Item>, startMs: number): void {
    job.startMs = startMs;
    job.endMs = startMs + options.serviceMs(job.item);
    push(slots, job);
  }

  function nextWaiting(): Job<Item> | undefined {
    while (head < queue.length) {
      const job = queue[head++] as Job<Item>;
      if (head > 1_024 && head * 2 > queue.length) {
        queue = queue.slice(head);
        head = 0;
      }
      if (job.left) continue;
      waiting -= 1;
      return job;
    }
    return undefined;
  }

  /** Ended jobs not yet returned: time also moves on within `offer` and `leave`. */
  let ended: Job<Item>[] = [];
  function moveTo(nowMs: number): void {
    while (slots.length > 0 && (slots[0] as Job<Item>).endMs <= nowMs) {
      const job = pop(slots);
      ended.push(job);
      const next = nextWaiting();
      if (next) start(next, job.endMs);
    }
  }

  return {
    offer(item, nowMs) {
      moveTo(nowMs);
      const job = { item, arrivedMs: nowMs, startMs: Number.NaN, endMs: Number.NaN, left: false };
      if (slots.length < options.workers) start(job, nowMs);
      else if (waiting < options.queueLimit) {
        queue.push(job);
        waiting += 1;
      } else return null;
      return job;
    },
    leave(job, nowMs) {
      moveTo(nowMs);
      if (job.left || !Number.isNaN(job.startMs)) return;
      job.left = true;
      waiting -= 1;
    },
    advance(nowMs) {
      moveTo(nowMs);
      const out = ended;
      ended = [];
      return out;
    },
    nextEndMs: () => (ended[0] ?? slots[0])?.endMs ?? null,
    get running() {
      return slots.length;
    },
    get waiting() {
      return waiting;
    },
  };
}

/** Binary min-heap by `endMs`. */
function push<Item>(heap: Job<Item>[], job: Job<Item>): void {
  let at = heap.push(job) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if ((heap[parent] as Job<Item>).endMs <= job.endMs) break;
    heap[at] = heap[parent] as Job<Item>;
    at = parent;
  }
  heap[at] = job;
}

function pop<Item>(heap: Job<Item>[]): Job<Item> {
  const top = heap[0] as Job<Item>;
  const last = heap.pop() as Job<Item>;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    const right = heap[child + 1];
    if (right && right.endMs < (heap[child] as Job<Item>).endMs) child += 1;
    if ((heap[child] as Job<Item>).endMs >= last.endMs) break;
    heap[at] = heap[child] as Job<Item>;
    at = child;
  }
  heap[at] = last;
  return top;
}
