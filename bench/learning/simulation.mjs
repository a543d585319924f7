/** The moving parts of the simulated services, in virtual time: a seeded generator, arrivals, two kinds of queue. */

/** mulberry32: uniform in (0, 1). */
export function randomOf(seed) {
  let a = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ (seed >>> 13)) >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

export const exponential = (random, mean) => -mean * Math.log(random());
export const gaussian = (random) => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
export const lognormal = (random, mean, sigma) => mean * Math.exp(sigma * gaussian(random) - (sigma * sigma) / 2);

/**
 * A service in virtual time. `advance(until, from, to)` sends Poisson arrivals whose rate goes linearly from `from` to `to`, and moves
 * the clock. `sent[i]`, `done[i]`, `failed[i]` say when each request was sent and answered (Infinity: not yet) and whether it failed.
 */
export class Service {
  now = 0;
  sent = [];
  done = [];
  failed = [];

  constructor(seed) {
    this.random = randomOf(seed);
    this.arrivals = randomOf(seed * 7919 + 17);
  }

  /** Forgets the answered requests; the queue stays. */
  forget() {
    this.sent = [];
    this.done = [];
    this.failed = [];
  }

  advance(until, from, to = from) {
    const start = this.now;
    const span = until - start;
    let at = start;
    for (;;) {
      const rate = from + ((to - from) * (at - start)) / span;
      if (rate <= 0) break;
      at -= Math.log(this.arrivals()) / rate;
      if (at >= until) break;
      this.arrive(at);
    }
    this.until(until);
    this.now = until;
  }

  record(sent, done, failed) {
    this.sent.push(sent);
    this.done.push(done);
    this.failed.push(failed ? 1 : 0);
    return this.sent.length - 1;
  }

  until() {}

  /** Virtual time at which everything sent is answered. */
  emptyAt() {
    return this.now;
  }
}

/** First come, first served by `workers`; `duration(random, at)` is the service time; hooks change it over time. */
export class Queue extends Service {
  constructor(seed, settings) {
    super(seed);
    this.settings = settings;
    this.free = new Float64Array(settings.workers);
    this.lastDone = 0;
    this.state = settings.start ? settings.start(this.random) : {};
  }

  arrive(at) {
    const { settings, free, state } = this;
    settings.before?.(this, at, state);
    if (settings.refuse?.(this, at, state)) return void this.record(at, at + 0.001, true);
    let first = 0;
    for (let i = 1; i < free.length; i += 1) if (free[i] < free[first]) first = i;
    const begin = Math.max(at, free[first]);
    const wait = begin - at;
    if (settings.queueSeconds !== undefined && wait > settings.queueSeconds)
      return void this.record(at, at + 0.001, true);
    const done = begin + settings.duration(this.random, begin, state);
    free[first] = done;
    if (done > this.lastDone) this.lastDone = done;
    const extra = settings.extra ? settings.extra(this.random) : 0;
    this.record(at, done + extra, false);
  }

  emptyAt() {
    return Math.max(this.now, this.lastDone);
  }
}

/** Processor sharing: all requests at once, total speed a function of how many there are (retrograde when it falls). */
export class Sharing extends Service {
  constructor(seed, settings) {
    super(seed);
    this.settings = settings;
    this.attained = 0;
    this.heap = [];
    this.at = 0;
  }

  arrive(at) {
    this.until(at);
    if (this.heap.length >= this.settings.most) return void this.record(at, at + 0.001, true);
    const index = this.record(at, Infinity, false);
    push(this.heap, { ends: this.attained + this.settings.work(this.random), index, list: this.done });
  }

  until(until) {
    const { heap, settings } = this;
    while (heap.length > 0) {
      const each = settings.speed(heap.length) / heap.length;
      const finishes = this.at + (heap[0].ends - this.attained) / each;
      if (finishes > until) {
        this.attained += (until - this.at) * each;
        this.at = until;
        return;
      }
      const { ends, index, list } = pop(heap);
      this.attained = ends;
      this.at = finishes;
      list[index] = finishes;
    }
    this.at = until;
  }

  emptyAt() {
    const left = this.heap.map(({ ends }) => ends).toSorted((a, b) => a - b);
    let at = this.at;
    let attained = this.attained;
    for (const [i, ends] of left.entries()) {
      const jobs = left.length - i;
      at += (ends - attained) / (this.settings.speed(jobs) / jobs);
      attained = ends;
    }
    return Math.max(this.now, at);
  }
}

function push(heap, item) {
  let i = heap.push(item) - 1;
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (heap[up].ends <= item.ends) break;
    heap[i] = heap[up];
    i = up;
  }
  heap[i] = item;
}

function pop(heap) {
  const top = heap[0];
  const item = heap.pop();
  if (heap.length === 0) return top;
  let i = 0;
  for (;;) {
    let down = 2 * i + 1;
    if (down >= heap.length) break;
    if (down + 1 < heap.length && heap[down + 1].ends < heap[down].ends) down += 1;
    if (heap[down].ends >= item.ends) break;
    heap[i] = heap[down];
    i = down;
  }
  heap[i] = item;
  return top;
}
