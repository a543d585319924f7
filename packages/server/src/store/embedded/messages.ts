/** Rows as objects by column, or as arrays in the order of the columns. */
export type RowMode = 'object' | 'array';

/** What the thread of the database is asked for. `of` is the transaction that a statement belongs to; without it the statement stands alone. */
export type Order =
  | { type: 'query'; text: string; values: unknown[]; rowMode: RowMode; of?: number | undefined }
  | { type: 'begin' }
  | { type: 'end'; of: number; keep: boolean }
  | { type: 'close' };

export interface Numbered {
  id: number;
  order: Order;
}

/** A driver's error: what a copy of it between threads would lose. */
export interface Failure {
  message: string;
  fields: Record<string, unknown>;
}

/** The answer to the order of the same number. */
export type Answer = { id: number; value: unknown } | { id: number; failure: Failure };

/**
 * The same value, in which no byte array is a part of a larger one: between threads, the larger one would be copied whole.
 */
export function withoutSpare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpare);
  return value instanceof Uint8Array && value.byteLength < value.buffer.byteLength ? Uint8Array.from(value) : value;
}
