/** Runs probes and chirps against a simulated service, as the training engine does against a real one. */
import { chirpHurts, probeIsCertain } from '../../packages/engine/dist/learning/belief/stopping.js';

const TICK = 0.5;
/** As in the training engine: up to this part of the rate that hurts the times are those of a steady load. */
const CALM = 0.6;

export const slowest = (clauses) =>
  Math.max(0.05, ...clauses.map(({ latency }) => (Number.isFinite(latency) ? latency : 0)));
export const warmupOf = (clauses) => Math.max(2, 2 * slowest(clauses));

/**
 * How bad in a clause: 1 when it failed, or was slower than it allows; of a mean, its part of it. `now`: what is known by then; undefined:
 * everything.
 */
function badness(service, i, { latency, mean, allowedShare }, now) {
  const sent = service.sent[i];
  const done = service.done[i];
  const underWay = now !== undefined && done > now;
  const took = (underWay ? now : done) - sent;
  if (mean) return (allowedShare * took) / latency;
  return took > latency || (!underWay && service.failed[i] === 1) ? 1 : 0;
}

/** A fresh run: W shown but not judged, then `seconds` judged. True when every clause holds. */
export function freshRun(definition, { seed, intensity, seconds }) {
  const service = definition.make(seed);
  definition.warm?.(service);
  const { clauses } = definition;
  service.advance(warmupOf(clauses), intensity);
  const from = service.now;
  service.advance(from + seconds, intensity);
  service.advance(from + seconds + slowest(clauses) + 0.001, 0);
  const bad = clauses.map(() => 0);
  let n = 0;
  for (let i = 0; i < service.sent.length; i += 1) {
    const sent = service.sent[i];
    if (sent < from || sent >= from + seconds) continue;
    n += 1;
    for (let j = 0; j < clauses.length; j += 1) bad[j] += badness(service, i, clauses[j]);
  }
  return bad.every((k, j) => k <= clauses[j].allowedShare * n);
}

/** One service during one session: the clock runs on between the probes. */
export class Session {
  constructor(definition, seed) {
    this.definition = definition;
    this.clauses = definition.clauses;
    this.service = definition.make(seed);
    this.bad = 0;
    this.requests = 0;
    this.peak = 0;
    this.recovered = true;
  }

  get now() {
    return this.service.now;
  }

  /** W, then the judged part in ticks of ½ s; ends early when failure is certain. */
  probe({ intensity, warmupSeconds, seconds }) {
    const { service, clauses } = this;
    const startedAt = service.now;
    service.forget();
    service.advance(startedAt + warmupSeconds, intensity);
    const from = service.now;
    let stopped = false;
    let to = from;
    while (to < from + seconds - 1e-9) {
      to = Math.min(to + TICK, from + seconds);
      service.advance(to, intensity);
      const blocks = this.blocks(from, to, to);
      if (
        to < from + seconds - 1e-9 &&
        probeIsCertain(blocks, { plannedSeconds: seconds, shares: clauses.map((one) => one.allowedShare) })
      ) {
        stopped = true;
        break;
      }
    }
    this.settle();
    const blocks = this.blocks(from, to);
    this.peak = Math.max(this.peak, intensity);
    this.tally();
    this.drain();
    return {
      intensity,
      plannedSeconds: seconds,
      warmupSeconds,
      seconds: to - from,
      startedAtSeconds: startedAt,
      endedAtSeconds: service.now,
      stoppedEarly: stopped,
      validity: 'valid',
      clauses: clauses.map(({ expression, allowedShare }, j) => ({
        expression,
        allowedShare,
        n: blocks.reduce((sum, block) => sum + block.n, 0),
        bad: blocks.reduce((sum, block) => sum + block.bad[j], 0),
      })),
      took: this.took(from, to),
    };
  }

  /** One run with stages of rising rate, stopped when it hurts. */
  chirp({ stages, rule }) {
    const { service } = this;
    const startedAt = service.now;
    service.forget();
    let stopped = false;
    const rates = [];
    const outstanding = [];
    outer: for (const { seconds, from, to } of stages) {
      const begin = service.now;
      while (service.now < begin + seconds - 1e-9) {
        const share = (service.now - begin) / seconds;
        const tick = Math.min(TICK, begin + seconds - service.now);
        const a = from + (to - from) * share;
        const b = from + (to - from) * ((service.now + tick - begin) / seconds);
        rates.push({ from: service.now, rate: (a + b) / 2 });
        service.advance(service.now + tick, a, b);
        this.peak = Math.max(this.peak, b);
        outstanding.push(this.outstanding());
        if (chirpHurts(this.chirpBlocks(rates, outstanding), rule)) {
          stopped = true;
          break outer;
        }
      }
    }
    const known = this.chirpBlocks(rates, outstanding);
    const onset = stopped ? chirpHurts(known, rule) : null;
    const restSeconds = this.atRest(rates, onset);
    const levels = this.levels(rates, onset);
    this.settle();
    this.tally();
    this.drain();
    const seen = {
      blocks: known,
      onset,
      restSeconds,
      levels,
      startedAtSeconds: startedAt,
      endedAtSeconds: service.now,
    };
    (this.chirps ??= []).push(seen);
    return seen;
  }

  /** Response time at each clause's quantile while the rate was far below where it hurt. */
  atRest(rates, onset) {
    const { service, clauses } = this;
    const top = onset ?? Math.max(...rates.map(({ rate }) => rate));
    const calm = rates.findLast(({ rate }) => rate < top * 0.4);
    const took = [];
    const calmUntil = calm?.from ?? 0;
    for (let i = 0; i < service.sent.length && service.sent[i] < calmUntil; i += 1)
      took.push(service.done[i] - service.sent[i]);
    took.sort((a, b) => a - b);
    return clauses.map(({ latency, allowedShare, mean }) => {
      if (!Number.isFinite(latency) || took.length === 0) return null;
      if (mean) return took.reduce((sum, one) => sum + one, 0) / took.length;
      return took[Math.min(took.length - 1, Math.floor((1 - allowedShare) * took.length))];
    });
  }

  /** Response times of each doubling of the rate, while it was well below where it hurt. */
  levels(rates, onset) {
    const top = CALM * (onset ?? Math.max(...rates.map(({ rate }) => rate)));
    const calm = rates.filter(({ rate }) => rate < top);
    const octave = ({ rate }) => Math.floor(Math.log2(rate));
    return [...new Set(calm.map(octave))].map((own) => {
      const some = calm.filter((one) => octave(one) === own);
      const intensity = some.reduce((sum, { rate }) => sum + rate, 0) / some.length;
      return { intensity, ...this.took(some[0].from, some.at(-1).from + TICK) };
    });
  }

  /** Response times of what was sent in a stretch, ms; what is under way counts with its age. */
  took(from, to) {
    const { service } = this;
    const times = [];
    for (let i = lower(service.sent, from); i < service.sent.length && service.sent[i] < to; i += 1)
      times.push(1_000 * (service.done[i] - service.sent[i]));
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? 0;
    return { requests: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }

  outstanding() {
    const { sent, done, now } = this.service;
    let count = 0;
    for (let i = sent.length - 1; i >= 0 && sent[i] > now - 30; i -= 1) if (done[i] > now) count += 1;
    return count;
  }

  chirpBlocks(rates, outstanding) {
    const { service, clauses } = this;
    const latest = slowest(clauses);
    return rates.map(({ from, rate }, index) => {
      const to = rates[index + 1]?.from ?? service.now;
      const block = {
        seconds: to - from,
        rate,
        n: 0,
        decided: 0,
        bad: clauses.map(() => 0),
        outstanding: outstanding[index],
        good: 0,
        lost: 0,
      };
      // Nothing that came in this block was sent long before it.
      for (let i = lower(service.sent, from - 30); i < service.sent.length && service.sent[i] < to; i += 1)
        if (service.done[i] >= from && service.done[i] < to) {
          if (service.failed[i] === 0) block.good += 1;
          else block.lost += 1;
        }
      for (let i = lower(service.sent, from); i < service.sent.length && service.sent[i] < to; i += 1) {
        block.n += 1;
        const known = service.done[i] <= service.now || service.now - service.sent[i] > latest;
        if (known) block.decided += 1;
        for (let j = 0; j < clauses.length; j += 1) block.bad[j] += badness(service, i, clauses[j], service.now);
      }
      return whole(block);
    });
  }

  blocks(from, to, now) {
    const { service, clauses } = this;
    const count = Math.round((to - from) / TICK);
    const blocks = Array.from({ length: count }, () => ({ n: 0, bad: clauses.map(() => 0) }));
    for (let i = lower(service.sent, from); i < service.sent.length && service.sent[i] < to; i += 1) {
      const block = blocks[Math.min(count - 1, Math.floor((service.sent[i] - from) / TICK))];
      block.n += 1;
      for (let j = 0; j < clauses.length; j += 1) block.bad[j] += badness(service, i, clauses[j], now);
    }
    return blocks.map(whole);
  }

  /** Waits until the last request is answered or beyond every latency. */
  settle() {
    const { service } = this;
    service.advance(service.now + Math.min(slowest(this.clauses), Math.max(0.1, service.emptyAt() - service.now)), 0);
  }

  /** What is left is worked off; a service that needs more than a minute for that ends the session, as in the training engine. */
  drain() {
    const { service } = this;
    const until = service.emptyAt();
    this.recovered = until < service.now + 60;
    if (until > service.now) service.advance(Math.min(service.now + 60, until), 0);
  }

  tally() {
    const { service, clauses } = this;
    this.requests += service.sent.length;
    for (let i = 0; i < service.sent.length; i += 1)
      if (clauses.some((clause) => badness(service, i, clause) >= 1)) this.bad += 1;
  }
}

/** Never more bad than there were. */
function whole(block) {
  return { ...block, bad: block.bad.map((bad) => Math.min(bad, block.n)) };
}

function lower(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
