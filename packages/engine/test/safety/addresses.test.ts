import { createServer } from 'node:net';
import { HiveError } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedAddresses, checkTargetUrl, resolveAllowed } from '../../src/safety/addresses.js';
import { FORBIDDEN_ADDRESSES, UNNAMED_ADDRESSES } from './refused-addresses.js';

const codeOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
    return 'allowed';
  } catch (error) {
    return error instanceof HiveError ? error.code : String(error);
  }
};

const dottedToNumber = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const EVERYTHING = ['0.0.0.0/0', '::/0'];

describe('resolveAllowed', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', 4],
    ['127.8.9.10', '127.8.9.10', 4],
    ['2130706433', '127.0.0.1', 4],
    ['0x7f000001', '127.0.0.1', 4],
    ['0177.0.0.1', '127.0.0.1', 4],
    ['127.1', '127.0.0.1', 4],
    ['::1', '::1', 6],
    ['[::1]', '::1', 6],
    ['0:0:0:0:0:0:0:1', '::1', 6],
    ['::ffff:127.0.0.1', '127.0.0.1', 4],
    ['[::ffff:7f00:1]', '127.0.0.1', 4],
  ])('allows the loopback spelling %s', async (host, address, family) => {
    expect(await resolveAllowed(host, 80, [])).toEqual({ address, family });
  });

  it.each(UNNAMED_ADDRESSES)('refuses %s while it is not named', async (host) => {
    expect(await codeOf(() => resolveAllowed(host, 80, []))).toBe('refused_by_safety');
    expect(
      await codeOf(() =>
        checkTargetUrl(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}/`, []),
      ),
    ).toBe('refused_by_safety');
  });

  it.each(FORBIDDEN_ADDRESSES)('refuses %s whatever is listed', async (host) => {
    expect(await codeOf(() => resolveAllowed(host, 80, [...EVERYTHING, '169.254.0.0/16', 'fe80::/10']))).toBe(
      'refused_by_safety',
    );
  });

  it.each([
    ['10.1.2.3', ['10.0.0.0/8'], 'allowed'],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], 'allowed'],
    ['11.1.2.3', ['10.0.0.0/8'], 'refused_by_safety'],
    ['10.1.2.3', ['10.1.2.3'], 'allowed'],
    ['10.1.2.3', ['::ffff:10.1.2.3'], 'allowed'],
    ['10.1.2.4', ['10.1.2.3'], 'refused_by_safety'],
    ['2001:db8::7', ['2001:db8::/32'], 'allowed'],
    ['2001:db8::7', ['[2001:db8:0::7]'], 'allowed'],
    ['2001:db8::7', ['0.0.0.0/0'], 'refused_by_safety'],
    ['10.1.2.3', ['staging.example.org'], 'refused_by_safety'],
    ['10.1.2.3', ['10.0.0.0/99'], 'validation'],
    ['10.1.2.3', ['http://10.1.2.3'], 'validation'],
    ['10.1.2.3', ['12345'], 'validation'],
  ])('%s with the list %j: %s', async (host, allow, outcome) => {
    expect(await codeOf(() => resolveAllowed(host, 80, allow))).toBe(outcome);
  });

  it('says in the hint how to allow an address', async () => {
    await expect(resolveAllowed('10.0.0.1', 80, [])).rejects.toMatchObject({
      hint: expect.stringContaining('HIVE_ALLOW_TARGETS=10.0.0.1'),
    });
  });

  it.each(['', 'no-such-name.invalid', 'a b', 'user@127.0.0.1', '127.0.0.1/x', 'host:80', '1.2.3.4.5'])(
    'finds %j unreachable',
    async (host) => {
      expect(await codeOf(() => resolveAllowed(host, 80, EVERYTHING))).toBe('target_unreachable');
    },
  );

  it('picks the address of localhost that listens', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await resolveAllowed('LOCALHOST.', port, [])).toEqual({ address: '127.0.0.1', family: 4 });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('allowedAddresses', () => {
  it('keeps the allowed candidates in order', () => {
    expect(allowedAddresses('two.example.org', ['8.8.8.8', '10.0.0.1', '::1'], ['10.0.0.0/8'])).toEqual([
      { address: '10.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
  });

  it('matches a listed name without regard to case', () => {
    expect(allowedAddresses('api.example.org', ['203.0.113.5'], ['API.example.org.'])).toHaveLength(1);
    expect(() => allowedAddresses('evil.example.org', ['203.0.113.5'], ['example.org'])).toThrow(HiveError);
  });

  it('refuses a listed name that resolves to a metadata address, alone or among others', () => {
    for (const candidates of [['169.254.169.254'], ['127.0.0.1', '169.254.169.254'], ['::ffff:169.254.169.254']]) {
      expect(() => allowedAddresses('api.example.org', candidates, ['api.example.org', ...EVERYTHING])).toThrow(
        /never dials/,
      );
    }
  });
});

describe('properties', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const dotted = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));

  it('every spelling of an IPv4 address is judged alike', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          dotted,
          dotted.map((text) => text.replace(/^\d+/, '127')),
          dotted.map((text) => text.replace(/^\d+\.\d+/, '169.254')),
        ),
        async (text) => {
          const parts = text.split('.').map(Number);
          const number = dottedToNumber(text);
          const spellings = [
            String(number),
            `0x${number.toString(16)}`,
            parts.map((part) => `0${part.toString(8)}`).join('.'),
            parts.map((part) => `0x${part.toString(16)}`).join('.'),
            `::ffff:${text}`,
            `[::ffff:${((parts[0] as number) * 256 + (parts[1] as number)).toString(16)}:${((parts[2] as number) * 256 + (parts[3] as number)).toString(16)}]`,
          ];
          const expected = await codeOf(() => resolveAllowed(text, 80, []));
          for (const spelling of spellings)
            expect([spelling, await codeOf(() => resolveAllowed(spelling, 80, []))]).toEqual([spelling, expected]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('with an empty list only 127.0.0.0/8 passes', async () => {
    await fc.assert(
      fc.asyncProperty(dotted, async (text) => {
        expect((await codeOf(() => resolveAllowed(text, 80, []))) === 'allowed').toBe(text.startsWith('127.'));
      }),
    );
  });

  it('with an empty list only ::1 and mapped loopback pass among IPv6', async () => {
    await fc.assert(
      fc.asyncProperty(fc.ipV6(), async (text) => {
        const outcome = await codeOf(() => resolveAllowed(text, 80, []));
        if (outcome === 'allowed') expect((await resolveAllowed(text, 80, [])).address).toMatch(/^(::1|127\..*)$/);
        else expect(outcome).toBe('refused_by_safety');
      }),
    );
  });
});
