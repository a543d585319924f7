import type { Connection } from './connection.js';

/**
 * The requests in flight, oldest first. All have the same time-out, so the list is in the order of deadlines: a sweep looks at the
 * oldest only, and no request needs a timer of its own.
 */
export class Deadlines {
  private oldest: Connection | null = null;
  private newest: Connection | null = null;

  constructor(private readonly timeoutMs: number) {}

  add(connection: Connection): void {
    connection.older = this.newest;
    connection.newer = null;
    if (this.newest === null) this.oldest = connection;
    else this.newest.newer = connection;
    this.newest = connection;
  }

  remove(connection: Connection): void {
    const { older, newer } = connection;
    if (older === null) this.oldest = newer;
    else older.newer = newer;
    if (newer === null) this.newest = older;
    else newer.older = older;
    connection.older = null;
    connection.newer = null;
  }

  /** Takes out the oldest request when its time is up, else null. */
  takeExpired(nowMs: number): Connection | null {
    const { oldest } = this;
    if (oldest === null || nowMs - oldest.exchange.startMs < this.timeoutMs) return null;
    this.remove(oldest);
    return oldest;
  }

  /** Takes out the oldest request, else null. */
  take(): Connection | null {
    const { oldest } = this;
    if (oldest !== null) this.remove(oldest);
    return oldest;
  }
}
