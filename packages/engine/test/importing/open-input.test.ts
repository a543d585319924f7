import { gzipSync } from 'node:zlib';
import { HiveError } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { fromAccessLog } from '../../src/importing/logs/access-log.js';
import { readInput } from '../../src/importing/open-input.js';

const TEXT = 'größe: 1\nsecond line\n';
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const inPieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

describe('one way to open every input', () => {
  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 little-endian', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['UTF-16 big-endian', utf16be(`\uFEFF${TEXT}`)],
    ['UTF-16 without a mark', Buffer.from(`abc ${TEXT}`, 'utf16le')],
    ['big-endian without a mark', utf16be(`abc ${TEXT}`)],
    ['gzip', gzipSync(TEXT)],
    ['gzip of UTF-16', gzipSync(Buffer.from(`\uFEFF${TEXT}`, 'utf16le'))],
    ['gzip in gzip', gzipSync(gzipSync(TEXT))],
    ['two gzips joined', Buffer.concat([gzipSync(TEXT.slice(0, 9)), gzipSync(TEXT.slice(9))])],
  ])('%s, wherever the pieces end', async (_, bytes) => {
    for (const size of [1, 3, 64, 1e6]) {
      const { text, warnings } = await readInput(inPieces(bytes, size));
      expect(text.replace(/^abc /, '')).toBe(TEXT);
      expect(warnings).toEqual([]);
    }
  });

  const givesWhatCame = async (broken: (packed: Buffer) => Buffer): Promise<void> => {
    const lines = Array.from({ length: 20_000 }, (__, i) => `10.0.0.1 - - [x] "GET /a/${i * 7919} HTTP/1.1" 200 5\n`);
    const packed = broken(gzipSync(lines.join('')));
    const { text, warnings } = await readInput(inPieces(packed, 1_000));
    expect(warnings).toEqual(['The file breaks off or is damaged: what came before that was read']);
    expect(text.slice(0, 10_000)).toBe(lines.join('').slice(0, 10_000));
    const { target, notes } = await fromAccessLog([packed], { serverUrl: 'http://a' });
    expect(target.requests?.[0]?.weight).toBeGreaterThan(5_000);
    expect(notes).toContain(warnings[0]);
  };
  const half = (packed: Buffer): Buffer => packed.subarray(0, packed.length >> 1);
  it('a gzip that is damaged gives what came before, and a warning', () =>
    givesWhatCame((packed) => Buffer.concat([half(packed), Buffer.alloc(5_000, 0xee)])));
  itSlow('a gzip that breaks off gives what came before, and a warning', () => givesWhatCame(half));
  itSlow('a gzip that has a wrong sum gives what came before, and a warning', () =>
    givesWhatCame((packed) => Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)])),
  );

  it.each<[string, (packed: Buffer) => Buffer]>([
    ['has a wrong sum', (packed) => Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)])],
    ['has something behind it', (packed) => Buffer.concat([packed, Buffer.from('something')])],
  ])('a small gzip that %s gives all that is in it, and a warning', async (_, broken) => {
    const { text, warnings } = await readInput([broken(gzipSync(TEXT.repeat(9)))]);
    expect(text).toBe(TEXT.repeat(9));
    expect(warnings).toEqual(['The file breaks off or is damaged: what came before that was read']);
  });

  it('an empty file, and one of a byte', async () => {
    expect((await readInput([])).text).toBe('');
    expect((await readInput([Buffer.from('x')])).text).toBe('x');
    expect((await readInput([gzipSync('')])).text).toBe('');
    expect(await readInput([Buffer.from([0x1f, 0x8b])])).toMatchObject({
      text: '',
      warnings: [expect.stringMatching(/breaks off/)],
    });
  });

  it.each([
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0]],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
    ['zip', [0x50, 0x4b, 3, 4, 0]],
  ])('%s is named', async (name, bytes) => {
    await expect(readInput([Buffer.from(bytes)])).rejects.toThrow(HiveError);
    await expect(readInput([Buffer.from(bytes)])).rejects.toThrow(`packed with ${name}`);
  });
});
