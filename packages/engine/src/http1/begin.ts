import { CHECKED_BYTES } from '@hive/contract';

const FIRST_BYTES = 4 * 1024;

/** Keeps the beginning of a body that comes in pieces, in a buffer that serves one answer after the other. */
export class Begin {
  private kept = Buffer.allocUnsafe(FIRST_BYTES);
  private length = 0;

  /** What is kept; valid until the next answer. */
  get bytes(): Uint8Array {
    return this.kept.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  /** Adds `bytes[from, end)`, as far as there is room. */
  add(bytes: Uint8Array, from: number, end: number): void {
    const taken = Math.min(end - from, CHECKED_BYTES - this.length);
    if (taken <= 0) return;
    if (this.length + taken > this.kept.length) {
      const larger = Buffer.allocUnsafe(Math.min(CHECKED_BYTES, Math.max(2 * this.kept.length, this.length + taken)));
      this.kept.copy(larger, 0, 0, this.length);
      this.kept = larger;
    }
    this.kept.set(bytes.subarray(from, from + taken), this.length);
    this.length += taken;
  }
}
