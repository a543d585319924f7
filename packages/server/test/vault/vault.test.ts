import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVault } from '../../src/vault/vault.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-vault-'));
});
afterAll(() => rm(folder, { recursive: true }));

const vaultIn = (name: string) => createVault({ dataDir: join(folder, name), keyFile: null });
const withKey = async (name: string, text: string) => {
  const keyFile = join(folder, name);
  await writeFile(keyFile, text, { mode: 0o600 });
  return createVault({ dataDir: '/nowhere', keyFile });
};

describe('the vault', () => {
  it('opens what it sealed, also after a restart; the key is for its owner alone', async () => {
    const sealed = await vaultIn('own').seal('grüße', 'the secret X');
    expect(sealed).not.toContain('gr');
    expect(await vaultIn('own').open(sealed, 'the secret X')).toBe('grüße');
    expect(await vaultIn('own').seal('grüße', 'the secret X')).not.toBe(sealed);
    expect(await readdir(join(folder, 'own'))).toEqual(['encryption-key']);
    expect((await stat(join(folder, 'own', 'encryption-key'))).mode & 0o777).toBe(0o600);
  });

  it('has one key, however many make it at once', async () => {
    const all = Array.from({ length: 8 }, () => vaultIn('many'));
    const sealed = await Promise.all(all.map((one) => one.seal('text', 'x')));
    for (const text of sealed) expect(await vaultIn('many').open(text, 'x')).toBe('text');
    expect(await readdir(join(folder, 'many'))).toEqual(['encryption-key']);
  });

  it('opens nothing that was changed, moved, or sealed with another key, and says so', async () => {
    const vault = vaultIn('own');
    const sealed = await vault.seal('text', 'the secret X');
    const refusal = (text: string, of = 'the secret X'): Promise<unknown> =>
      vault.open(text, of).then(
        () => 'opened',
        (error: unknown) => error,
      );
    expect(await refusal(sealed, 'the secret Y')).toMatchObject({ message: expect.stringContaining('damaged') });
    expect(await refusal(`${sealed.slice(0, -2)}AA`)).toMatchObject({ message: expect.stringContaining('damaged') });
    expect(await refusal('nonsense')).toMatchObject({ message: expect.stringContaining('damaged') });
    const short = sealed.split('.');
    short[3] = short[3]?.slice(0, 6) ?? '';
    expect(await refusal(short.join('.'))).toMatchObject({ message: expect.stringContaining('damaged') });
    expect(await refusal(await vaultIn('other').seal('text', 'the secret X'))).toMatchObject({
      code: 'validation',
      message: 'the secret X was encrypted with another key',
      hint: expect.stringContaining('HIVE_ENCRYPTION_KEY_FILE'),
    });
  });

  it('takes a key from a file, in base64 or hex', async () => {
    const key = randomBytes(32);
    const sealed = await (await withKey('key.b64', `${key.toString('base64')}\n`)).seal('text', 'x');
    expect(await (await withKey('key.hex', key.toString('hex'))).open(sealed, 'x')).toBe('text');
    for (const text of ['', 'short', randomBytes(16).toString('base64')])
      await expect((await withKey('bad', text)).seal('text', 'x')).rejects.toMatchObject({
        code: 'validation',
        hint: 'make one with: openssl rand -base64 32',
      });
    await expect(createVault({ dataDir: '/nowhere', keyFile: '/nowhere/key' }).seal('text', 'x')).rejects.toMatchObject(
      {
        message: expect.stringContaining('/nowhere/key'),
      },
    );
  });
});
