/** Closed model: the next request of a connection is meant to start when the connection is free and its user has thought. */
export function nextStart(freeMs: number, thinkMs: number): number {
  return freeMs + thinkMs;
}
