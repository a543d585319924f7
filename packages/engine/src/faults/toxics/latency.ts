import { toxic } from '../toxic.js';

/** Delays everything by `latency` ± `jitter` ms. Bytes stay in order: a short draw waits for the longer one before it. */
export const latency = toxic({
  type: 'latency',
  attributes: { latency: 0, jitter: 0 },
  create: (attributes) => (outlet) => ({
    capacityBytes: 16 * 1024 * 1024,
    data(chunk, arrivedMs) {
      const swing = attributes.jitter > 0 ? (2 * outlet.random() - 1) * attributes.jitter : 0;
      outlet.push(chunk, arrivedMs + attributes.latency + swing);
    },
  }),
});
