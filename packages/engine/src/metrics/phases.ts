import type { Latency } from '@hive/contract';
import type { Exchange, Phases } from '../measuring.js';
import { clearHistogram, createHistogram, packHistogram, record, type Histogram } from './histogram.js';

/** Makes something for each phase. */
export function eachPhase<Value>(make: (phase: keyof Phases<Value>) => Value): Phases<Value> {
  return { connect: make('connect'), tls: make('tls'), firstByte: make('firstByte'), transfer: make('transfer') };
}

/** Summaries of the phases, ms. */
export type PhaseLatencies = Phases<Latency>;

export const createPhases = (): Phases<Histogram> => eachPhase(() => createHistogram());

/** Records where the time of an answered request went: each phase begins where the last one ended, so none can overlap or be negative. */
export function recordPhases(phases: Phases<Histogram>, exchange: Exchange, endMs: number): void {
  const { startMs, connectedMs, securedMs, firstByteMs } = exchange;
  let atMs = startMs;
  if (connectedMs >= atMs) {
    record(phases.connect, Math.round((connectedMs - atMs) * 1_000));
    atMs = connectedMs;
  }
  if (securedMs >= atMs) {
    record(phases.tls, Math.round((securedMs - atMs) * 1_000));
    atMs = securedMs;
  }
  const firstMs = firstByteMs >= atMs ? firstByteMs : endMs;
  record(phases.firstByte, Math.round((firstMs - atMs) * 1_000));
  record(phases.transfer, Math.round((endMs - firstMs) * 1_000));
}

/** Encodes the phases and empties them. */
export function takePhases(phases: Phases<Histogram>): Phases<Uint8Array | null> {
  return eachPhase((phase) => {
    const encoded = packHistogram(phases[phase]);
    clearHistogram(phases[phase]);
    return encoded;
  });
}
