import { toxic } from '../toxic.js';

/**
 * Lets nothing through and closes the connection `timeout` ms after the last bytes that came; at 0 it never closes.
 * What came is lost, so removing the fault closes the connection too.
 */
export const timeout = toxic({
  type: 'timeout',
  attributes: { timeout: 0 },
  create: (attributes) => (outlet) => {
    const arm = (): void => {
      if (attributes.timeout > 0) outlet.close(outlet.now() + attributes.timeout);
    };
    return { start: arm, data: arm, end: () => outlet.close(), removed: () => outlet.close() };
  },
});
