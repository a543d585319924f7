import { expect, it } from 'vitest';
import { mergeKept } from '../../src/history/merge-kept.js';

/** 90 values of 20 ms and 10 of 40 ms. */
const HISTOGRAM = Buffer.from('HISTFAAAACp4nJNpmSzMwMDAzsDAwMjAwMDMAAEgNgPz5HYGGP9w8BbGv/wiAF1gBVw=', 'base64');

it('a histogram that cannot be read does not hide the others', () => {
  const merged = mergeKept([HISTOGRAM, Buffer.from('hello'), new Uint8Array(), HISTOGRAM]);
  expect(merged.count).toBe(200);
  expect(merged).toEqual(mergeKept([HISTOGRAM, HISTOGRAM]));
});
