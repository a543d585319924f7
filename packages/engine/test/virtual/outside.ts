import type { Outside } from '../../src/execution/outside.js';
import type { VirtualService, VirtualToxic } from './service.js';

/** What a run opens beside its load, all of it in the simulated service: nothing listens, nothing is dialled, no process is read. */
export function virtualOutside(service: VirtualService): Outside {
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
        addToxic: ({ name, type, attributes, toxicity }) => toxics.set(name, { type, attributes, share: toxicity }),
        removeToxic: (name) => void toxics.delete(name),
        close() {
          service.ways.delete(own);
          return Promise.resolve();
        },
      });
    },
    remoteToxics: () =>
      Promise.resolve({
        put({ type, attributes, share }, name) {
          service.dependency.set(name, { type, attributes, share });
          return Promise.resolve();
        },
        takeOff(name) {
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
