import { toxic } from '../toxic.js';

/** Resets the connection (RST to both sides) `timeout` ms after the first bytes or the end of the stream. */
export const resetPeer = toxic({
  type: 'reset_peer',
  attributes: { timeout: 0 },
  create: (attributes) => (outlet) => {
    let fired = false;
    const fire = (): void => {
      if (!fired) outlet.reset(outlet.now() + attributes.timeout);
      fired = true;
    };
    return {
      data(chunk) {
        // Held and not dropped: the stream stays whole when the fault is removed in time.
        outlet.push(chunk, Infinity);
        fire();
      },
      end: fire,
    };
  },
});
