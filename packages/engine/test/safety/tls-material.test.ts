import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { placeOf } from '../../src/safety/addresses.js';
import { readTls } from '../../src/safety/tls-material.js';
import { LOCAL } from '../load/authority.js';
import { CERTIFICATE, KEY } from '../load/certificate.js';

const folder = mkdtempSync(join(tmpdir(), 'hive-tls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('what a target’s tls names', () => {
  it('is read from files, from the text itself, or from the environment', () => {
    const cert = file('both.pem', `${KEY}${CERTIFICATE}`);
    expect(readTls({ cert }, {})).toMatchObject({ cert: expect.stringContaining('CERTIFICATE') });
    const tls = { cert: CERTIFICATE, key: '${HIVE_SECRET_KEY}', ca: LOCAL.cert, serverName: 'a.test' };
    expect(readTls(tls, { HIVE_SECRET_KEY: KEY })).toEqual({
      cert: CERTIFICATE,
      key: KEY,
      ca: LOCAL.cert,
      serverName: 'a.test',
    });
    expect(readTls(undefined, {})).toBeUndefined();
  });

  it.each([
    [{ cert: '/no/such/file.pem' }, /tls\.cert: \/no\/such\/file\.pem cannot be read \(ENOENT\)/],
    [{ cert: CERTIFICATE, key: '${HIVE_SECRET_KEY}' }, /tls\.key needs \$\{HIVE_SECRET_KEY\}/],
    [{ cert: CERTIFICATE, key: file('other.key', LOCAL.key) }, /tls\.key does not belong to tls\.cert/],
    [{ cert: CERTIFICATE }, /tls\.key is no private key/],
    [{ ca: file('odd.pem', 'nothing') }, /tls\.ca is no certificate/],
    [{ key: file('lone.key', KEY) }, /without tls\.cert/],
  ])('is refused when it does not fit: %j', (tls, words) => {
    expect(() => readTls(tls, {})).toThrow(words);
  });
});

describe('another address than the URL’s', () => {
  it('must be allowed itself, whatever the name may do', async () => {
    const node = { url: 'http://api.example.com', weight: 1 };
    const dialled = (connect: string, allow: string[]) => placeOf({ ...node, connect }, allow);
    await expect(dialled('10.0.0.5:80', ['api.example.com'])).rejects.toMatchObject({ code: 'refused_by_safety' });
    await expect(dialled('169.254.169.254:80', ['0.0.0.0/0'])).rejects.toMatchObject({ code: 'refused_by_safety' });
    expect(await dialled('10.0.0.5:80', ['10.0.0.0/8'])).toEqual({ host: '10.0.0.5', port: 80 });
    expect(await dialled('127.0.0.1:8443', [])).toEqual({ host: '127.0.0.1', port: 8443 });
  });
});
