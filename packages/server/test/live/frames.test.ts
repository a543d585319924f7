import { expect, it } from 'vitest';
import { createFrames } from '../../src/api/live/frames.js';

it('the bytes of a message are made once, however many readers there are', () => {
  const frameOf = createFrames();
  const first = frameOf(7, '{"at":"now"}');
  expect(first.toString()).toBe('{"v":1,"seq":7,"at":"now"}');
  expect(frameOf(7, '{"at":"now"}')).toBe(first);
  // Another life of the stream, or the next message.
  expect(frameOf(7, '{"at":"later"}').toString()).toBe('{"v":1,"seq":7,"at":"later"}');
  expect(frameOf(8, '{"at":"later"}').toString()).toBe('{"v":1,"seq":8,"at":"later"}');
});
