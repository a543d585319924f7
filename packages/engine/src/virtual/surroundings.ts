import type { Load } from '../measuring.js';
import { createVirtualClock, type VirtualClock } from './clock.js';
import { createVirtualLoad } from './load.js';
import { virtualOutside } from './outside.js';
import { createQueue, type QueueSettings } from './queue.js';
import type { FaultyService, Served, VirtualService } from './service.js';
import { createSharing, type SharingSettings } from './sharing.js';

/** What `train` and `execute` need to run in virtual time. */
export interface VirtualSurroundings {
  clock: VirtualClock;
  load: Load;
  outside: ReturnType<typeof virtualOutside>;
  /** When the service has worked off all that it was sent, ms on the clock. */
  idleAtMs(): number;
}

/**
 * A load generator, a clock and whatever a run opens beside its load, all in virtual time, before one service: for benchmarks and tests. Minutes of
 * load take seconds of processor time, and the same seed gives the same requests. `told` hears what becomes of each request.
 */
export function virtualSurroundings(from: {
  settings: QueueSettings | SharingSettings;
  seed: number;
  told?: (served: Served) => void;
  /** One that it shares with another service; default: its own. */
  clock?: VirtualClock;
}): VirtualSurroundings {
  const { settings, seed, told, clock = createVirtualClock() } = from;
  const service = 'speed' in settings ? withoutFaults(createSharing(settings, seed)) : createQueue(settings, seed);
  return {
    clock,
    load: createVirtualLoad(clock, told === undefined ? service : heard(service, told)),
    outside: virtualOutside(service, clock),
    idleAtMs: () => service.idleAtMs(),
  };
}

/** No fault can be laid on it, and its memory does not grow. */
function withoutFaults(service: VirtualService): FaultyService {
  return { ...service, ways: new Map(), dependency: new Map(), memoryBytes: () => 0 };
}

function heard(service: VirtualService, told: (served: Served) => void): VirtualService {
  return {
    ...service,
    serve: (request, answer, plan) =>
      service.serve(
        request,
        (served) => {
          told(served);
          answer(served);
        },
        plan,
      ),
  };
}
