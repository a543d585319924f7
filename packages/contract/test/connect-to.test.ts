import { describe, expect, it } from 'vitest';
import { isHere, targetInputSchema, toTarget, type TargetInput } from '../src/index.js';

const dialled = (connectTo: TargetInput['connectTo'], url = 'https://api.example.com') =>
  toTarget({ url, connectTo }, 'shop').nodes[0]?.connect;
const problems = (input: TargetInput) => {
  const { error } = targetInputSchema.safeParse(input);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
};

describe('connectTo', () => {
  it.each([
    ['api.example.com:443:127.0.0.1:8443', '127.0.0.1:8443'],
    ['API.example.com::127.0.0.1:', '127.0.0.1:443'],
    ['::[::1]:8443', '[::1]:8443'],
    [':443::8443', 'api.example.com:8443'],
  ])('%s dials %s', (rule, place) => {
    expect(dialled(rule)).toBe(place);
  });

  it('takes the first rule that fits, and says which fits none or is none', () => {
    expect(dialled(['api.example.com:443:127.0.0.1:1', '::127.0.0.1:2'])).toBe('127.0.0.1:1');
    const input = { url: 'http://127.0.0.1:8080' };
    expect(problems({ ...input, connectTo: 'api.example.com:443:127.0.0.1:1' })).toEqual([
      expect.stringMatching(/^connectTo: .* fits no node/),
    ]);
    expect(problems({ ...input, connectTo: '127.0.0.1:8080' }).join()).toContain('HOST:PORT:HOST2:PORT2');
  });

  it('is what decides whether a target is on this machine', () => {
    const nodes = toTarget({ url: 'http://127.0.0.1:80', connectTo: '::10.0.0.5:80' }, 'shop').nodes;
    expect([isHere(nodes), isHere([{ url: 'http://127.0.0.1:80' }])]).toEqual([false, true]);
  });
});

describe('tls', () => {
  it('takes no private key into a target', () => {
    const key = '-----BEGIN PRIVATE KEY-----';
    expect(problems({ url: 'https://127.0.0.1', tls: { cert: 'a.pem', key } }).join()).toContain(
      'tls.key: a private key',
    );
    expect(problems({ url: 'https://127.0.0.1', tls: { cert: 'a.pem', key: '${HIVE_SECRET_KEY}' } })).toEqual([]);
  });

  it('may hold insecure', () => {
    const { insecure, tls } = toTarget({ url: 'https://127.0.0.1', tls: { insecure: true } }, 'shop');
    expect([insecure, tls]).toEqual([true, undefined]);
    expect(problems({ url: 'https://127.0.0.1', insecure: true, tls: { insecure: true } })).toHaveLength(1);
  });
});
