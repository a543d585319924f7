import type { LiveData, LiveMessage } from '@hive/contract';

/** A frame as it goes into a socket: text, as bytes where many readers share it. */
export type Frame = string | Buffer;

/**
 * Makes frames of published messages: the body, with the version and the seq in front. However many readers ask for the same message one
 * after another, its bytes are made once.
 */
export function createFrames(): (seq: number, body: string) => Buffer {
  let last: { seq: number; body: string; frame: Buffer } | null = null;
  return (seq, body) => {
    if (last?.seq !== seq || last.body !== body) {
      last = { seq, body, frame: Buffer.from(`{"v":1,"seq":${seq},${body.slice(1)}`) };
    }
    return last.frame;
  };
}

/** The first frame of a connection. Its seq is that of the newest message, so the next one follows on it. */
export function helloFrame(seq: number, data: LiveData<'hello'>): string {
  return frame({ v: 1, seq, at: new Date().toISOString(), type: 'hello', data });
}

/** Says that `from`…`to`, inclusive, are lost. It takes the seq of the last one lost, so the next one follows on it. */
export function gapFrame(from: number, to: number): string {
  return frame({ v: 1, seq: to, at: new Date().toISOString(), type: 'gap', data: { from, to } });
}

function frame(message: LiveMessage): string {
  return JSON.stringify(message);
}
