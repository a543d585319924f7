import type { LiveData, LiveMessage } from '@hive/contract';

/** A published message as a frame: its body, with the version and the seq in front. */
export function frameOf(seq: number, body: string): string {
  return `{"v":1,"seq":${seq},${body.slice(1)}`;
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
