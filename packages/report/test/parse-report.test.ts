import { deflateSync } from 'node:zlib';
import { HiveError } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { MOST_REPORT_BYTES, parseReport, type ReportData } from '../src/index.js';
import { REPORTS } from './samples.js';

const usual = REPORTS['usual']!();
const asBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const refusal = (bytes: Uint8Array): HiveError => {
  try {
    parseReport(bytes, 'some.json');
  } catch (error) {
    if (error instanceof HiveError) return error;
    throw error;
  }
  throw new Error('was read');
};
const withRun = (more: object): ReportData => ({ ...usual, runs: [{ ...usual.runs[0]!, ...more }] });
/** The head of a compressed HdrHistogram V2, and what stands behind it. */
function compressed(packed: Buffer): string {
  const deflated = deflateSync(packed);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(0x1c84_9314, 0);
  head.writeUInt32BE(deflated.length, 4);
  return Buffer.concat([head, deflated]).toString('base64');
}
function packed(words: readonly number[], bytes: number): Buffer {
  const head = Buffer.alloc(40);
  head.writeUInt32BE(0x1c84_9313, 0);
  head.writeUInt32BE(bytes, 4);
  head.writeUInt32BE(3, 12);
  return Buffer.concat([head, Buffer.from(words)]);
}

describe('a report file', () => {
  it.each(Object.entries(REPORTS))('%s is read as it was written', (_, report) => {
    const written = report();
    expect(parseReport(asBytes(written), 'some.json')).toEqual(written);
  });

  it.each([
    ['that is no JSON', Buffer.from('{'), 'some.json: is not valid JSON'],
    ['that is no text', Buffer.from([0x22, 0xff, 0x22]), 'some.json: is not valid JSON'],
    ['of something else', asBytes([1]), 'some.json: is not a report of Hive'],
    ['of null', asBytes(null), 'some.json: is not a report of Hive'],
    ['of a newer version', asBytes({ ...usual, version: 2 }), 'some.json: has version 2, which is unknown'],
    ['without a version', asBytes({ format: 'hive-report' }), 'some.json: has version none, which is unknown'],
    ['with a field too many', asBytes({ ...usual, more: 1 }), 'some.json: report: is unknown'],
    [
      'with text for a number',
      asBytes(withRun({ intensity: 'much' })),
      'some.json: runs.0.intensity: must be a number, not a string',
    ],
    ['nested deeply', Buffer.from('['.repeat(1_000_000)), 'some.json: is nested deeper than 32 levels'],
    ['nested in objects', Buffer.from('{"a":'.repeat(40)), 'some.json: is nested deeper than 32 levels'],
    [
      'beyond its size',
      new Uint8Array(MOST_REPORT_BYTES + 1),
      'some.json: is larger than 64 MiB, the most that a report file may be',
    ],
  ])('%s is refused in words, with what to do', (_, bytes, message) => {
    expect(refusal(bytes)).toMatchObject({ code: 'validation', message, hint: expect.stringMatching(/\w/) as string });
  });

  it('may hold brackets in its texts', () => {
    const reason = `"\\${'['.repeat(100)}`;
    const odd = { ...usual, session: { ...usual.session, end_reason: reason } };
    expect(parseReport(asBytes(odd), 'some.json').session.end_reason).toBe(reason);
  });

  it.each([
    ['that is none', Buffer.from('nothing at all').toString('base64'), 'is not an HdrHistogram (V2, three digits)'],
    ['that inflates without end', compressed(Buffer.alloc(50_000_000)), 'is not an HdrHistogram (V2, three digits)'],
    [
      'that counts beyond its range',
      compressed(packed([0xff, 0xff, 0xff, 0x7f, 2], 5)),
      'is not an HdrHistogram (V2, three digits)',
    ],
    [
      'with a count of 50 bits',
      compressed(packed([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], 7)),
      'is not an HdrHistogram (V2, three digits)',
    ],
    ['of other requests', compressed(packed([2], 1)), 'counts 1 requests, and its run says 400'],
    ['longer than any', 'A'.repeat(300_000), 'is longer than any histogram'],
  ])('with a histogram %s is refused', (_, responseTime, message) => {
    expect(refusal(asBytes(withRun({ responseTime }))).message).toBe(`some.json: runs.0.responseTime: ${message}`);
  });
});
