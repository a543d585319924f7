import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invite, revoke } from '../../src/joining/invite.js';
import { createFileRoll } from '../../src/joining/roll.js';
import { claimsOf, isSignedBy, publicKeyOf, userJwt } from '../../src/keys/claims.js';
import { initFleet, readFleetKeys } from '../../src/keys/fleet-keys.js';
import { readJoin } from '../../src/keys/join-string.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hive-keys-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const URL = 'nats://127.0.0.1:4222';
const fleetIn = (name: string) => {
  const directory = join(folder, name);
  initFleet(directory, { listen: '127.0.0.1:4222' });
  return { keys: readFleetKeys(directory), roll: createFileRoll(directory), url: URL };
};

describe('hive fleet init', () => {
  it('writes keys that only their owner can read, and a configuration without any', () => {
    const directory = join(folder, 'fleet');
    const path = initFleet(directory, { listen: '0.0.0.0:4222', tls: { cert: '/a.crt', key: '/a.key' } });
    for (const name of ['account.seed', 'hub.seed', 'operator.seed']) {
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(path, 'utf8')).not.toContain(readFileSync(join(directory, name), 'utf8').trim());
    }
    expect(readFileSync(path, 'utf8')).toContain('tls { cert_file: "/a.crt", key_file: "/a.key" }');
    expect(readFleetKeys(directory).hubPublicKey).toMatch(/^U/);
  });

  it('never replaces keys', () => {
    fleetIn('twice');
    expect(() => fleetIn('twice')).toThrow(/holds the keys of a fleet already/);
  });

  it('names the file that is missing', () => {
    expect(() => readFleetKeys(join(folder, 'nowhere'))).toThrow(/nowhere\/hub\.seed cannot be read \(ENOENT\)/);
  });
});

describe('credentials', () => {
  it('are known by the key that signed them', () => {
    const { keys } = fleetIn('signed');
    const jwt = userJwt(keys.accountSeed, { publicKey: keys.hubPublicKey, name: 'a', subjects: ['a.>'], seconds: 60 });
    const account = publicKeyOf(keys.accountSeed);
    expect(claimsOf(jwt)).toMatchObject({ iss: account, sub: keys.hubPublicKey });
    expect(isSignedBy(account, jwt)).toBe(true);
    expect(isSignedBy(keys.hubPublicKey, jwt)).toBe(false);
    const [head, , signature] = jwt.split('.');
    expect(isSignedBy(account, `${head}.${Buffer.from('{"sub":"x"}').toString('base64url')}.${signature}`)).toBe(false);
    expect(claimsOf('nonsense')).toBeNull();
  });
});

describe('hive fleet invite and revoke', () => {
  it('gives a name to one load generator at a time', async () => {
    const fleet = fleetIn('names');
    const { untilMs } = await invite(fleet, { name: 'eu-1', region: 'eu', nowMs: 1_000 });
    expect(untilMs).toBe(1_000 + 15 * 60_000);
    const again = (nowMs: number) => invite(fleet, { name: 'eu-1', region: null, nowMs });
    await expect(again(2_000)).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('revoke eu-1'),
    });
    // Nobody took the invitation up: the name is free again.
    await again(untilMs);
    await revoke(fleet.roll, 'eu-1', untilMs);
    await again(untilMs + 1);
    expect((await fleet.roll.members()).map(({ revoked }) => revoked).toSorted()).toEqual([false, false, true]);
  });

  it.each(['', 'Eu', 'eu.1', 'eu*', '>', 'a b', '-a', 'a-', 'a'.repeat(41)])('refuses the name %j', async (name) => {
    const fleet = fleetIn(`refused-${Buffer.from(name).toString('hex')}`);
    await expect(invite(fleet, { name, region: null })).rejects.toMatchObject({ code: 'validation' });
    if (name !== '') {
      await expect(invite(fleet, { name: 'a', region: name })).rejects.toMatchObject({
        message: expect.stringContaining('region'),
      });
    }
  });

  it('names those that there are when it knows none of that name', async () => {
    const { keys, roll, url } = fleetIn('unknown');
    await expect(revoke(roll, 'eu-9')).rejects.toMatchObject({ hint: expect.stringContaining('invite') });
    await invite({ keys, roll, url }, { name: 'eu-1', region: null });
    await expect(revoke(roll, 'eu-9')).rejects.toMatchObject({ code: 'not_found', hint: 'there are eu-1' });
  });

  it('does not repeat a join string that it cannot read', async () => {
    const { join: word } = await invite(fleetIn('join'), { name: 'eu-1', region: null });
    expect(readJoin(` ${word}\n`)).toMatchObject({ name: 'eu-1', url: URL });
    for (const wrong of [word.slice(0, -20), word.slice(10), 'hive-join-e30', '']) {
      expect(() => readJoin(wrong)).toThrow(/not a join string, or not the whole of one$/);
    }
  });
});
