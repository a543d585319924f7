import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

// The keys of NATS (nkeys) are Ed25519 keys in base32, between a prefix and a checksum. Node signs with them a hundred times faster than
// JavaScript does, and Hive signs orders in the moments before a run.

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const KEY_BYTES = 32;
const CHECKSUM_BYTES = 2;
const SEED_PREFIX_BYTES = 2;
const PUBLIC_PREFIX_BYTES = 1;
/** What stands before the 32 bytes of a private key in PKCS #8, and of a public one in SPKI (RFC 8410). */
const PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 signature by the key of an nkeys seed. */
export function signWith(seed: string, text: Uint8Array): Uint8Array {
  return sign(null, text, privateKey(seed));
}

/** Whether the owner of an nkeys public key signed this. */
export function verifies(publicKey: string, text: Uint8Array, signature: Uint8Array): boolean {
  try {
    const der = Buffer.concat([PUBLIC, keyIn(publicKey, PUBLIC_PREFIX_BYTES)]);
    return verify(null, text, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
}

function privateKey(seed: string): KeyObject {
  const der = Buffer.concat([PRIVATE, keyIn(seed, SEED_PREFIX_BYTES)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/** @throws Error for what is no key. */
function keyIn(text: string, prefixBytes: number): Buffer {
  const size = prefixBytes + KEY_BYTES + CHECKSUM_BYTES;
  if (text.length !== Math.ceil((8 * size) / 5)) throw new Error('not a key of NATS');
  const bytes: number[] = [];
  let [value, bits] = [0, 0];
  for (const letter of text) {
    const digit = BASE32.indexOf(letter);
    if (digit < 0) throw new Error('not a key of NATS');
    value = (value << 5) | digit;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 0xff);
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes.slice(prefixBytes, prefixBytes + KEY_BYTES));
}
