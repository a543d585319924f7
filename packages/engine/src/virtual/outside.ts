import type { FaultyService, VirtualToxic } from './service.js';

/** Faults as they are asked for. */
interface Fault {
  type: string;
  attributes: Record<string, number>;
}

/** What a run opens beside its load, all of it in the simulated service: nothing listens, nothing is dialled, no process is read. */
export function virtualOutside(service: FaultyService) {
  let port = 20_000;
  return {
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
