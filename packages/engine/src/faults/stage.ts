import type { Fault, Outlet, Stream } from './toxic.js';

/** What takes the bytes of a stream: the next stage, or the end of the link. */
export interface Sink {
  data(chunk: Buffer): void;
  end(): void;
}

/** What a stage may do to the link it is part of. */
export interface StageHost {
  readonly stream: Stream;
  readonly closed: boolean;
  /** What is held changed: the source may have to stop, or may go on. */
  gate(): void;
  close(): void;
  reset(): void;
  reply(chunk: Buffer): void;
}

export interface StageParts {
  name: string;
  next: Sink;
  random: () => number;
  /** Passes one piece on each turn of the event loop. */
  separate: boolean;
  open: (outlet: Outlet) => Fault;
}

interface Piece {
  chunk: Buffer;
  arrivedMs: number;
  dueMs: number;
}

const DEFAULT_CAPACITY_BYTES = 64 * 1024;
/** What a held piece costs beside its bytes, so that a million tiny pieces count as the memory they take. */
const PIECE_COST_BYTES = 160;
const LONGEST_TIMER_MS = 2_147_483_647;
/** The queue's passed part is cut off when it is this long. */
const PASSED_PIECES = 1_024;

/**
 * Runs one fault on one stream: holds what it pushed until it is due, keeps the order, and hands everything on when the
 * fault is updated or removed.
 *
 *     source → [stage: the fault decides, the queue holds] → [stage …] → destination
 */
export class Stage implements Sink {
  readonly name: string;
  next: Sink;
  #fault: Fault;
  #queue: Piece[] = [];
  #head = 0;
  #pushedBytes = 0;
  #heldBytes = 0;
  #lastDueMs = -Infinity;
  /** When the bytes that the fault is looking at came. */
  #arrivedMs = 0;
  #sourceEnded = false;
  #endPassed = false;
  /** When the sender's end may pass, after the queue. */
  #endMs: number | null = null;
  #ending: { action: 'close' | 'reset'; dueMs: number } | null = null;
  /** The moment that the timer waits for. */
  #armedMs: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  constructor(
    private readonly host: StageHost,
    private readonly parts: StageParts,
  ) {
    this.name = parts.name;
    this.next = parts.next;
    this.#fault = parts.open(this.#outlet());
  }

  /** True while it holds as much as it may. */
  get full(): boolean {
    const cost = this.#heldBytes + (this.#queue.length - this.#head) * PIECE_COST_BYTES;
    return cost >= (this.#fault.capacityBytes ?? DEFAULT_CAPACITY_BYTES);
  }

  /** Lets the fault begin. Called once the stage is in its place. */
  start(): void {
    this.#fault.start?.();
    this.#arm();
  }

  data(chunk: Buffer): void {
    this.#feed(chunk, performance.now());
    if (this.#ending) this.#finish(performance.now());
    this.#arm();
  }

  end(): void {
    this.#sourceEnded = true;
    if (this.#fault.end) this.#fault.end();
    else this.#endMs = -Infinity;
    this.#run();
  }

  /** Replaces the fault. What is held is planned again, with the times when it came. */
  update(open: (outlet: Outlet) => Fault): void {
    this.#ending = null;
    this.#fault.flush?.();
    this.#pushedBytes -= this.#heldBytes;
    const held = this.#take();
    this.#fault = open(this.#outlet());
    this.#fault.start?.();
    for (const { chunk, arrivedMs } of held) this.#feed(chunk, arrivedMs);
    if (this.#sourceEnded && !this.#endPassed) this.end();
    else this.#run();
  }

  /** Passes on at once everything that is held. The caller takes the stage out of the chain. */
  remove(): void {
    this.#ending = null;
    this.#fault.flush?.();
    for (const { chunk } of this.#take()) this.next.data(chunk);
    this.#fault.removed?.();
    if (this.#sourceEnded && !this.#endPassed) this.#endMs = -Infinity;
    this.#run();
  }

  /** Forgets everything and stops its timers. */
  clear(): void {
    this.#take();
    this.#ending = null;
  }

  #outlet(): Outlet {
    const pushed = (): number => this.#pushedBytes;
    const endAs = (action: 'close' | 'reset', dueMs: number): void => {
      this.#ending = { action, dueMs };
    };
    return {
      stream: this.host.stream,
      now: () => performance.now(),
      random: this.parts.random,
      get pushedBytes() {
        return pushed();
      },
      push: (chunk, atMs = -Infinity) => this.#push(chunk, atMs),
      end: (atMs = -Infinity) => void (this.#endMs = atMs),
      close: (atMs = -Infinity) => endAs('close', atMs),
      reset: (atMs = -Infinity) => endAs('reset', atMs),
      reply: (chunk) => this.host.reply(chunk),
    };
  }

  #feed(chunk: Buffer, arrivedMs: number): void {
    if (this.host.closed) return;
    this.#arrivedMs = arrivedMs;
    this.#fault.data(chunk, arrivedMs);
  }

  #push(chunk: Buffer, atMs: number): void {
    if (chunk.length === 0 || this.host.closed) return;
    this.#pushedBytes += chunk.length;
    this.#lastDueMs = Math.max(this.#lastDueMs, atMs);
    const idle = this.#head === this.#queue.length && !this.parts.separate;
    if (idle && this.#lastDueMs <= performance.now()) return this.next.data(chunk);
    this.#queue.push({ chunk, arrivedMs: this.#arrivedMs, dueMs: this.#lastDueMs });
    this.#heldBytes += chunk.length;
  }

  #take(): Piece[] {
    this.#disarm();
    const held = this.#queue.slice(this.#head);
    this.#queue = [];
    this.#head = this.#heldBytes = 0;
    this.#lastDueMs = -Infinity;
    this.#endMs = null;
    return held;
  }

  /** Passes on what is due, then waits for what is next. */
  #run(): void {
    const nowMs = performance.now();
    for (let piece = this.#queue[this.#head]; piece && piece.dueMs <= nowMs; piece = this.#queue[this.#head]) {
      this.#head += 1;
      this.#heldBytes -= piece.chunk.length;
      this.next.data(piece.chunk);
      if (this.parts.separate) break;
    }
    if (this.#head >= PASSED_PIECES || this.#head === this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    this.#finish(nowMs);
    this.#arm();
    this.host.gate();
  }

  #finish(nowMs: number): void {
    if (this.#ending && this.#ending.dueMs <= nowMs) {
      const { action } = this.#ending;
      this.#ending = null;
      if (action === 'close') this.host.close();
      else this.host.reset();
    }
    if (this.host.closed) return;
    if (this.#endMs !== null && this.#endMs <= nowMs && this.#head === this.#queue.length) {
      this.#endMs = null;
      this.#endPassed = true;
      this.next.end();
    }
  }

  #arm(): void {
    if (this.host.closed) return this.clear();
    const piece = this.#queue[this.#head];
    const endMs = piece ? Infinity : (this.#endMs ?? Infinity);
    const dueMs = Math.min(piece?.dueMs ?? Infinity, endMs, this.#ending?.dueMs ?? Infinity);
    if (dueMs === this.#armedMs) return;
    this.#disarm();
    if (dueMs === Infinity) return;
    this.#armedMs = dueMs;
    const wake = (): void => {
      this.#disarm();
      this.#run();
    };
    const waitMs = Math.min(Math.ceil(dueMs - performance.now()), LONGEST_TIMER_MS);
    if (waitMs > 0) this.#timer = setTimeout(wake, waitMs);
    else this.#turn = setImmediate(wake);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = this.#turn = undefined;
    this.#armedMs = null;
  }
}
