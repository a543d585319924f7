import { nodeName } from '@hive/contract';
import type { Answer, Ask } from '../checking/ask.js';
import type { VirtualClock } from './clock.js';
import { UNKNOWN_MACHINE } from '../machine/machine-watch.js';
import { createEvents } from './events.js';
import type { FaultyService, Served, VirtualService, VirtualToxic } from './service.js';

/** Faults as they are asked for. */
interface Fault {
  type: string;
  attributes: Record<string, number>;
}

/** One request alone in virtual time: the clock moves on until it is answered. */
function virtualAsk(service: VirtualService, clock: VirtualClock): Ask {
  return ({ node, request, withinMs }) => {
    const events = createEvents();
    const atMs = clock.now();
    let served: Served | null = null;
    service.serve(
      { atMs, node: nodeName(node), via: null, sent: request, key: 1, bytes: 1_024 },
      (own) => (served = own),
      (thenMs, happen) => events.plan(thenMs - atMs, happen),
    );
    events.until(withinMs);
    const answer = answerOf(served, withinMs);
    clock.advance(answer.type === 'answered' ? answer.ms : answer.type === 'late' ? withinMs : 0);
    return Promise.resolve(answer);
  };
}

function answerOf(served: Served | null, withinMs: number): Answer {
  if (served === null || served.tookMs > withinMs) return { type: 'late', connected: true };
  const { tookMs: ms, error } = served;
  if (error === 'refused') return { type: 'failed', code: 'ECONNREFUSED', message: 'refused' };
  return { type: 'answered', status: error === null ? 200 : 503, location: null, ms };
}

/** What a run opens beside its load, all of it in the simulated service: nothing listens, nothing is dialled, no process is read. */
export function virtualOutside(service: FaultyService, clock: VirtualClock) {
  let port = 20_000;
  return {
    ask: virtualAsk(service, clock),
    createProxy() {
      const own = port++;
      const toxics = new Map<string, VirtualToxic>();
      service.ways.set(own, toxics);
      return Promise.resolve({
        listen: `127.0.0.1:${own}`,
        get toxics() {
          return [...toxics.keys()].map((name) => ({ name }));
        },
        addToxic: ({ name, type, attributes, toxicity }: Fault & { name: string; toxicity: number }) =>
          toxics.set(name, { type, attributes, share: toxicity }),
        removeToxic: (name: string) => void toxics.delete(name),
        close() {
          service.ways.delete(own);
          return Promise.resolve();
        },
      });
    },
    watchMachine: () => UNKNOWN_MACHINE,
    remoteToxics: () =>
      Promise.resolve({
        put({ type, attributes, share }: Fault & { share: number }, name: string) {
          service.dependency.set(name, { type, attributes, share });
          return Promise.resolve();
        },
        takeOff(name: string) {
          service.dependency.delete(name);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      }),
    createWatch: () => ({
      sample: (atMs = 0) => Promise.resolve({ atMs, values: { target_memory: service.memoryBytes() }, problems: [] }),
      close() {},
    }),
  };
}
