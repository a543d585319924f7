import { createRandom, type Random } from '../random.js';
import { createHeap } from './heap.js';
import { QUICK_MS } from './queue.js';
import type { PlanEvent, Served, VirtualService } from './service.js';

/** How a service behaves that works on all its requests at once. */
export interface SharingSettings {
  /** With this many already there, a new request is refused with 503. */
  most: number;
  /** The work of a request, drawn again for each. */
  work(random: Random): number;
  /** Work that `count` requests get done together, a second. */
  speed(count: number): number;
}

interface Job {
  /** A request is done when it has received this much. */
  ends: number;
  arrivedMs: number;
  answer: (served: Served) => void;
}

/** A service in virtual time: processor sharing. The same seed serves the same requests in the same way. */
export function createSharing({ most, work, speed }: SharingSettings, seed: number): VirtualService {
  const random = createRandom(seed);
  const jobs = createHeap<Job>((a, b) => a.ends < b.ends);
  /** Work that each job has got since the start. */
  let attained = 0;
  let atMs = 0;
  let planned = 0;

  const each = (): number => speed(jobs.size) / jobs.size / 1_000;
  const nextEndMs = (): number => atMs + ((jobs.first() as Job).ends - attained) / each();

  function moveTo(nowMs: number): void {
    while (jobs.size > 0) {
      const endMs = nextEndMs();
      if (endMs > nowMs) {
        attained += (nowMs - atMs) * each();
        break;
      }
      const { ends, arrivedMs, answer } = jobs.take() as Job;
      attained = ends;
      atMs = endMs;
      answer({ tookMs: endMs - arrivedMs, error: null, cache: null, servedBy: null });
    }
    atMs = nowMs;
  }

  /** Only the newest plan counts: whoever arrives delays the others. */
  function planNext(plan: PlanEvent): void {
    planned += 1;
    if (jobs.size === 0) return;
    const own = planned;
    const endMs = nextEndMs();
    plan(endMs, () => {
      if (own !== planned) return;
      moveTo(endMs);
      planNext(plan);
    });
  }

  return {
    serve(request, answer, plan) {
      moveTo(request.atMs);
      if (jobs.size >= most) return answer({ tookMs: QUICK_MS, error: 'http_5xx', cache: null, servedBy: null });
      jobs.put({ ends: attained + work(random), arrivedMs: request.atMs, answer });
      planNext(plan);
    },
    idleAtMs() {
      const left = jobs
        .items()
        .map(({ ends }) => ends)
        .toSorted((a, b) => a - b);
      let doneMs = atMs;
      let got = attained;
      for (const [index, ends] of left.entries()) {
        const count = left.length - index;
        doneMs += ((ends - got) * count * 1_000) / speed(count);
        got = ends;
      }
      return doneMs;
    },
  };
}
