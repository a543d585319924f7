import { toxic } from '../toxic.js';

/** Closes the connection once `bytes` have passed. */
export const limitData = toxic({
  type: 'limit_data',
  attributes: { bytes: 0 },
  create: (attributes) => (outlet) => ({
    data(chunk) {
      const left = Math.max(0, attributes.bytes - outlet.pushedBytes);
      if (left > 0) outlet.push(chunk.subarray(0, left));
      if (chunk.length >= left) outlet.close();
    },
  }),
});
