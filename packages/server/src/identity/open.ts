import type { Identity } from './identity.js';
import { whoMayAll } from './principal.js';

/** The mode without a login: whoever reaches this Hive may do everything. */
export function openIdentity(): Identity {
  const anyone = whoMayAll('anyone', 'anyone on this machine');
  return { needs: 'nothing', who: async () => anyone };
}
