import type { ErrorKind, RequestClass } from '@hive/contract';

/** A request as it arrives at a virtual service. Times in ms since the session's start. */
export interface Arrived {
  atMs: number;
  node: string;
  /** Port of the proxy through which it came; null: none. */
  via: number | null;
  sent: RequestClass;
  key: number;
  bytes: number;
}

/** What becomes of one request. */
export interface Served {
  /** From its sending to its end, ms; Infinity: it is never answered. */
  tookMs: number;
  /** What was wrong with it; null: a good answer. */
  error: ErrorKind | null;
  cache: 'hit' | 'miss' | null;
  /** Which node says that it answered. */
  servedBy: string | null;
}

/** Lets something happen at a time, ms since the session's start. */
export type PlanEvent = (atMs: number, happen: () => void) => void;

/** A service in virtual time. Requests come in the order of time. */
export interface VirtualService {
  /** Takes a request in and calls `answer` once, as soon as its end is known: at once, or from an event of `plan` no later than that end. */
  serve(request: Arrived, answer: (served: Served) => void, plan: PlanEvent): void;
  /** When it has worked off all that it took in, if nothing more comes. */
  idleAtMs(): number;
}

/** A toxic as it lies on a link: its type, its attributes, and the share of the requests that it is on. */
export interface VirtualToxic {
  type: string;
  attributes: Record<string, number>;
  share: number;
}

/** A service with links that faults can be laid on, and a memory to be watched. */
export interface FaultyService extends VirtualService {
  /** The faults on a way to it, by the port of its proxy. */
  ways: Map<number, Map<string, VirtualToxic>>;
  /** The faults between it and what it calls itself. */
  dependency: Map<string, VirtualToxic>;
  memoryBytes(): number;
}
