import { createUser, fromPublic } from '@nats-io/nkeys';
import { expect, it } from 'vitest';
import { signWith, verifies } from '../../src/keys/ed25519.js';

const text = Buffer.from('an order');

it('signs and verifies as the library of NATS does', () => {
  const pair = createUser();
  const [seed, publicKey] = [Buffer.from(pair.getSeed()).toString(), pair.getPublicKey()];
  const signature = signWith(seed, text);
  expect(fromPublic(publicKey).verify(text, signature)).toBe(true);
  expect(Buffer.from(signature)).toEqual(Buffer.from(pair.sign(text)));
  expect(verifies(publicKey, text, pair.sign(text))).toBe(true);
});

it('refuses another text, another key, and what is no key', () => {
  const pair = createUser();
  const signature = signWith(Buffer.from(pair.getSeed()).toString(), text);
  const publicKey = pair.getPublicKey();
  expect(verifies(publicKey, Buffer.from('another'), signature)).toBe(false);
  expect(verifies(createUser().getPublicKey(), text, signature)).toBe(false);
  for (const key of ['', 'U', publicKey.slice(1), `${publicKey}A`, publicKey.replace('U', '1')])
    expect(verifies(key, text, signature)).toBe(false);
  expect(verifies(publicKey, text, Buffer.from('x'))).toBe(false);
});
