import { expect, it } from 'vitest';
import { refuseHost } from '../src/index.js';

const ALLOWED = ['hive.example', 'Backend.'];

it.each([
  'localhost',
  'localhost:8000',
  'LOCALHOST:1',
  'localhost.:8000',
  'my.localhost:3000',
  '127.0.0.1',
  '192.168.1.5:8000',
  '[::1]:8000',
  '[2001:db8::1]',
  '[::ffff:10.0.0.1]:80',
  'hive.example',
  'Hive.Example.:8000',
  'backend:8000',
])('lets %s pass', (host) => {
  expect(refuseHost(host, ALLOWED)).toBeNull();
});

it.each([
  'evil.example',
  'evil.example:8000',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'notlocalhost',
  'sub.hive.example',
  'hive.example.evil.example',
  '10.0.0.256',
  '::1',
  '[evil.example]',
  '[127.0.0.1]',
  '[x@[::1]',
  '127.1',
  '0x7f.0.0.1',
  'localhost@evil.example',
  'localhost:80:80',
  'localhost:evil.example',
  'hive.example,evil.example',
  'evil.example/localhost',
  ' ',
])('refuses %s, and names it', (host) => {
  expect(refuseHost(host, ALLOWED)).toMatchObject({
    code: 'forbidden_host',
    status: 403,
    message: expect.stringContaining(host),
    hint: expect.stringContaining('HIVE_ALLOW_HOSTS'),
  });
});

it('says the very line that would allow a name', () => {
  expect(refuseHost('Hive.lan:8000', [])?.hint).toMatch(/\bHIVE_ALLOW_HOSTS=hive\.lan$/);
  expect(refuseHost('a host', [])?.hint).not.toContain('HIVE_ALLOW_HOSTS=');
});

it.each([undefined, null, ''])('refuses a request that names no host (%s)', (host) => {
  expect(refuseHost(host, ALLOWED)).toMatchObject({ code: 'forbidden_host' });
});
