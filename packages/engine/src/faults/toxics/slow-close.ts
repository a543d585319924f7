import { toxic } from '../toxic.js';

/** Holds the end of the stream back for `delay` ms. */
export const slowClose = toxic({
  type: 'slow_close',
  attributes: { delay: 0 },
  create: (attributes) => (outlet) => ({
    data: (chunk) => outlet.push(chunk),
    end: () => outlet.end(outlet.now() + attributes.delay),
  }),
});
