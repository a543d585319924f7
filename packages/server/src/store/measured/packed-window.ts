import type { Window } from '@hive/contract';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What windows have in common, so that it need not be kept a thousand times. Part of the format: what was packed with it can be
 * unpacked with nothing else. Another one needs another number.
 */
const DICTIONARY = Buffer.from(
  '"byNode":{"http://127.0.0.1:"byClass":{"cache":{"hits":"misses":"watched":{"target_cpu":"target_memory":' +
    '"timeout":"reset":"refused":"http_5xx":"http_4xx":{"planned":0,"good":"phase":"warmup","phase":"grace",' +
    '{"scenarioId":"scn_","sessionId":"exe_","sessionId":"ses_","targetId":"","at":"2026-01-01T00:00:00.000Z",' +
    '"fromMs":0,"toMs":1000.,"phase":"judged","counts":{"planned":0,"sent":0,"droppedTarget":0,"droppedGenerator":0,' +
    '"answered":0,"good":0,"failed":0,"timedOut":0,"cutOff":0},"errors":{},"offeredPerSecond":0,"throughputPerSecond":0,' +
    '"responseTimeMs":{"count":0,"min":0,"mean":0,"p50":0,"p90":0,"p95":0,"p99":0,"p999":0,"max":0},' +
    '"serviceTimeMs":{"count":0,"min":0,"mean":0,"p50":0,"p90":0,"p95":0,"p99":0,"p999":0,"max":0},"waitingMs":0,' +
    '"connections":0,"outstanding":0,"waiting":0,"bytesIn":0,"bytesOut":0,"latenessP99Ms":0,"generatorBusy":0.0,"nodes":{}}',
);
const FORMAT = 1;

/** A window in a third of the bytes of its JSON; the first byte is the number of the format. */
export function packWindow(window: Window): Buffer {
  const packed = deflateRawSync(JSON.stringify(window), { dictionary: DICTIONARY, level: 6 });
  return Buffer.concat([Buffer.of(FORMAT), packed]);
}

/** The window of a row; null for one that cannot be read: a broken row must not hide the others. */
export function windowOf({ data, packed }: { data: Window | null; packed: Uint8Array | null }): Window | null {
  return data ?? (packed === null ? null : unpackWindow(packed));
}

function unpackWindow(packed: Uint8Array): Window | null {
  if (packed[0] !== FORMAT) return null;
  try {
    return JSON.parse(inflateRawSync(packed.subarray(1), { dictionary: DICTIONARY }).toString()) as Window;
  } catch {
    return null;
  }
}
