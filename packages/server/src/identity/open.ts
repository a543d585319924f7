import { HiveError } from '@hive/contract';
import type { Identity } from './identity.js';
import { whoMayAll } from './principal.js';

/** The mode without a login: whoever reaches this Hive may do everything, unless they came through a proxy from who knows where. */
export function openIdentity(): Identity {
  const anyone = whoMayAll('anyone', 'anyone on this machine', { type: 'anyone' });
  return {
    mode: async () => 'open',
    async who({ forwarded }) {
      if (!forwarded) return anyone;
      throw new HiveError('forbidden', 'this request came through a proxy, and this Hive has no login', {
        hint: 'add a user with `hive user add`, or set HIVE_TOKEN',
      });
    },
    again: async ({ proof }) => (proof?.type === 'anyone' ? anyone : null),
    ticketFor: () => null,
  };
}
