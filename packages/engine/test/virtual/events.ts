/** What happens next, in the order of time; at one moment in the order in which it was planned. */
export interface Events {
  plan(atMs: number, happen: (atMs: number) => void): void;
  /** Lets everything happen up to this moment, what comes of it included. */
  until(toMs: number): void;
}

interface Event {
  atMs: number;
  number: number;
  happen: (atMs: number) => void;
}

/** A binary heap of events. */
export function createEvents(): Events {
  const heap: Event[] = [];
  let planned = 0;
  const isBefore = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);

  function takeFirst(): Event {
    const first = heap[0] as Event;
    const moved = heap.pop() as Event;
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      if (!isBefore(heap[child] as Event, moved)) break;
      heap[place] = heap[child] as Event;
      place = child;
    }
    heap[place] = moved;
    return first;
  }

  return {
    plan(atMs, happen) {
      const event = { atMs, number: planned++, happen };
      let place = heap.length;
      heap.push(event);
      while (place > 0) {
        const parent = (place - 1) >> 1;
        if (!isBefore(event, heap[parent] as Event)) break;
        heap[place] = heap[parent] as Event;
        place = parent;
      }
      heap[place] = event;
    },
    until(toMs) {
      while (heap.length > 0 && (heap[0] as Event).atMs <= toMs) {
        const { atMs, happen } = takeFirst();
        happen(atMs);
      }
    },
  };
}
