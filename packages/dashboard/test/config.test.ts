import { expect, it } from 'vitest';
import { browserApiUrl, readConfig } from '../src/config.js';

it('asks on this machine when nothing is said', () => {
  expect(readConfig({})).toEqual({ apiUrl: 'http://127.0.0.1:8000', publicApiUrl: null, allowHosts: [] });
  expect(readConfig({ HIVE_API_URL: '', HIVE_PUBLIC_API_URL: '' }).apiUrl).toBe('http://127.0.0.1:8000');
});

it.each(['nowhere', 'ftp://hive:21'])('names the variable that holds %s', (address) => {
  expect(() => readConfig({ HIVE_PUBLIC_API_URL: address })).toThrow(/HIVE_PUBLIC_API_URL/);
});

it('reads the hosts it answers for, and names the variable that holds something else', () => {
  expect(readConfig({ HIVE_ALLOW_HOSTS: 'hive.example.org, backend,' }).allowHosts).toEqual([
    'hive.example.org',
    'backend',
  ]);
  expect(() => readConfig({ HIVE_ALLOW_HOSTS: 'https://hive.example.org' })).toThrow(/HIVE_ALLOW_HOSTS.*host names/);
});

it.each([
  ['http://127.0.0.1:8000', null, 'localhost:3000', 'http://localhost:8000'],
  ['http://127.0.0.1:8000', null, '[::1]:3000', 'http://[::1]:8000'],
  ['http://backend:8000/', null, 'hive.example.org', 'http://hive.example.org:8000'],
  ['http://backend:8000', 'https://api.example.org/', 'hive.example.org', 'https://api.example.org'],
  ['http://127.0.0.1:8000', null, null, 'http://127.0.0.1:8000'],
  ['http://127.0.0.1:8000', null, 'not a host', 'http://127.0.0.1:8000'],
])('with the API at %s (public %s), the page at %s asks %s', (apiUrl, publicApiUrl, host, expected) => {
  const config = readConfig({ HIVE_API_URL: apiUrl, HIVE_PUBLIC_API_URL: publicApiUrl ?? undefined });
  expect(browserApiUrl(config, host)).toBe(expected);
});
