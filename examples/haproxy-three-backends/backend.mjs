import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts an HTTP service that answers `slots` requests at a time, each after `serviceMs`; others wait their turn. Returns how to end it. */
export async function startBackend({ port, slots, serviceMs }) {
  const freeAtMs = Array.from({ length: slots }, () => 0);
  const server = createServer((_, response) => {
    // The slot that is free first. Its next request starts where this one was to end, so that late timers cost no capacity.
    const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
    const nowMs = performance.now();
    freeAtMs[slot] = Math.max(freeAtMs[slot], nowMs) + serviceMs;
    setTimeout(() => response.end('ok\n'), freeAtMs[slot] - nowMs);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
