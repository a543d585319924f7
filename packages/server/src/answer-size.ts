import { createTurns } from './turns.js';

/** No JSON answer is larger. */
export const MOST_ANSWER_BYTES = 2 * 1024 * 1024;
/** What the rows of one answer take at most: beside them there is a head. */
const ROOM_BYTES = 1.5 * 1024 * 1024;

/** How many of these rows, from the first on, one answer holds; at least one, so that whoever pages gets on. */
export async function countFitting(rows: readonly unknown[], room = ROOM_BYTES): Promise<number> {
  const turn = createTurns();
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    // And a comma.
    bytes += bytesOf(row) + 1;
    if (bytes > room && index > 0) return index;
    await turn();
  }
  return rows.length;
}

/** Bytes of a value as JSON. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
