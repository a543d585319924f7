import { describe, expect, it } from 'vitest';
import { liveMessageSchema, readLiveMessage } from '@hive/contract';
import { refusedFields } from './inputs.js';
import { NEWS } from './samples.js';

const message = (type: string, data: unknown) => ({ v: 1, seq: 4, at: '2026-01-31T12:00:00.000Z', type, data });

describe('a message of the live feed', () => {
  it.each(Object.entries(NEWS))('%s comes out as it went in', (type, data) => {
    const sent = message(type, data);
    expect(liveMessageSchema.parse(JSON.parse(JSON.stringify(sent)))).toEqual(sent);
    expect(readLiveMessage(JSON.stringify(sent))).toEqual(sent);
  });

  it.each<[string, object, string]>([
    ['a type that there is not', message('news', {}), 'type'],
    ['another version', { ...message('gap', NEWS.gap), v: 2 }, 'v'],
    ['a seq below zero', { ...message('gap', NEWS.gap), seq: -1 }, 'seq'],
    ['a time that is none', { ...message('gap', NEWS.gap), at: 'now' }, 'at'],
    ['half a gap', message('gap', { from: 3 }), 'data.to'],
    ['a severity that there is not', message('alert', { ...NEWS.alert, severity: 'loud' }), 'data.severity'],
    ['a window without counts', message('window', { ...NEWS.window, counts: undefined }), 'data.counts'],
    [
      'a limit of a status that there is not',
      message('limit_updated', { ...NEWS.limit_updated, limit: { ...NEWS.limit_updated.limit, status: 'perhaps' } }),
      'data.limit.status',
    ],
    [
      'a chance above 1',
      message('limit_updated', {
        ...NEWS.limit_updated,
        lesson: { ...NEWS.limit_updated.lesson, predictedFailure: 1.5 },
      }),
      'data.lesson.predictedFailure',
    ],
  ])('is not one with %s', (_, sent, field) => {
    expect(refusedFields(liveMessageSchema, sent)).toEqual([field]);
  });

  it('has a lesson only where the session was measured here', () => {
    const { lesson: _, ...data } = NEWS.limit_updated;
    expect(liveMessageSchema.parse(message('limit_updated', data)).data).toEqual(data);
  });

  it.each([
    'pong',
    '{',
    '[]',
    '{"v":1}',
    ...[{ v: 2 }, { type: 'news' }, { type: 'toString' }, { seq: 'one' }, { data: null }].map((change) =>
      JSON.stringify({ ...message('gap', NEWS.gap), ...change }),
    ),
  ])('is not read from %s', (text) => {
    expect(readLiveMessage(text)).toBeNull();
  });
});
