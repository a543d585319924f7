import type { SharedTokens } from '../measuring.js';

/** A header's value is at most this long. */
export const MOST_TOKEN_BYTES = 8_000;
/** Of each token: its version, its length, and its text. An odd version is being written. */
const VERSION = 0;
const LENGTH = 1;
const HEAD_BYTES = 8;
const SLOT_BYTES = HEAD_BYTES + MOST_TOKEN_BYTES;

/** Room for the tokens of some users, in memory that all threads share. */
export function createTokens(name: string, users: number): SharedTokens {
  return { name, users, memory: new SharedArrayBuffer(users * SLOT_BYTES) };
}

/** Puts the header's value for a user in its place. */
export function writeToken({ memory }: SharedTokens, user: number, value: string): void {
  const head = new Int32Array(memory, user * SLOT_BYTES, 2);
  const bytes = Buffer.from(value, 'latin1').subarray(0, MOST_TOKEN_BYTES);
  Atomics.add(head, VERSION, 1);
  new Uint8Array(memory, user * SLOT_BYTES + HEAD_BYTES, MOST_TOKEN_BYTES).set(bytes);
  Atomics.store(head, LENGTH, bytes.length);
  Atomics.add(head, VERSION, 1);
}

/** The header lines of one thread's requests. */
export interface TokenLines {
  /** The line of the user whose turn it is, with its line end. */
  next(): string;
}

/** Reads tokens as others write them; a line is made anew only where its token is new. `draw`: uniform in [0, 1). */
export function readTokens({ name, users, memory }: SharedTokens, draw: () => number): TokenLines {
  const heads = Array.from({ length: users }, (_, user) => new Int32Array(memory, user * SLOT_BYTES, 2));
  const versions = new Int32Array(users).fill(-1);
  const lines = Array.from({ length: users }, () => '');

  function read(user: number): void {
    const head = heads[user]!;
    const version = Atomics.load(head, VERSION);
    const bytes = Buffer.from(new Uint8Array(memory, user * SLOT_BYTES + HEAD_BYTES, Atomics.load(head, LENGTH)));
    // What is being written now stays as it was until it is written.
    if (version % 2 !== 0 || Atomics.load(head, VERSION) !== version) return;
    lines[user] = `${name}: ${bytes.toString('latin1')}\r\n`;
    versions[user] = version;
  }

  return {
    next() {
      const user = users === 1 ? 0 : Math.floor(draw() * users);
      if (Atomics.load(heads[user]!, VERSION) !== versions[user]) read(user);
      return lines[user]!;
    },
  };
}
