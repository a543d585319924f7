import type { HiveError } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { allowedAddresses } from '../../src/safety/addresses.js';
import { outboundAddresses, resolveOutbound } from '../../src/safety/outbound.js';
import { FORBIDDEN_ADDRESSES, UNNAMED_ADDRESSES } from './refused-addresses.js';

const EVERYTHING = ['0.0.0.0/0', '::/0'];

const refusalOf = async (host: string, allow: Parameters<typeof resolveOutbound>[1]): Promise<HiveError | null> => {
  try {
    await resolveOutbound(host, allow);
    return null;
  } catch (error) {
    return error as HiveError;
  }
};

describe('where messages may go', () => {
  it.each(['8.8.8.8', '2606:4700::1111', '64:ff9b::808:808', '::ffff:8.8.8.8'])('%s is public', async (host) => {
    expect(await refusalOf(host, [])).toBeNull();
  });

  it.each(['127.0.0.1', '::1', 'localhost', ...UNNAMED_ADDRESSES.filter((host) => host !== '8.8.8.8')])(
    '%s only if it is named',
    async (host) => {
      expect(await refusalOf(host, [])).toMatchObject({
        code: 'refused_by_safety',
        hint: expect.stringContaining('HIVE_ALLOW_CHANNELS='),
      });
      expect(await refusalOf(host, EVERYTHING)).toBeNull();
      expect(await refusalOf(host, 'all')).toBeNull();
    },
  );

  it.each(FORBIDDEN_ADDRESSES)('%s never', async (host) => {
    for (const allow of [EVERYTHING, 'all'] as const)
      expect(await refusalOf(host, allow)).toMatchObject({ code: 'refused_by_safety' });
  });

  it('a name that resolves to several: only what is allowed, and nothing where one is a trap', () => {
    const dialled = outboundAddresses('hooks.example.org', ['10.0.0.1', '8.8.8.8'], []);
    expect(dialled).toEqual([{ address: '8.8.8.8', family: 4 }]);
    expect(() => outboundAddresses('hooks.example.org', ['8.8.8.8', '169.254.169.254'], ['hooks.example.org'])).toThrow(
      /never dials/,
    );
    expect(outboundAddresses('hooks.example.org', ['10.0.0.1'], ['hooks.example.org'])).toHaveLength(1);
  });

  it('is another list than what may be loaded', () => {
    expect(() => allowedAddresses('hooks.example.org', ['8.8.8.8'], [])).toThrow(/not a loopback address/);
    expect(() => outboundAddresses('localhost', ['127.0.0.1'], [])).toThrow(/not a public address/);
    expect(() => outboundAddresses('x', ['8.8.8.8'], ['a b'])).toThrow(/^HIVE_ALLOW_CHANNELS: 'a b'/);
  });
});
