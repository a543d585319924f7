import { HiveError } from '@hive/contract';
import type { Clock } from '@hive/engine';
import type { PeopleTable } from '../store/store.js';
import { bearerIn, type Identity } from './identity.js';
import { whoOfCookie, whoOfSession } from './sessions.js';

/**
 * The mode in which people have accounts. `service`: who has HIVE_TOKEN, if there is one. A browser shows the cookie of a session; one that
 * has ended is nobody's.
 */
export function usersIdentity(parts: {
  people: Pick<PeopleTable, 'findUserSession' | 'touchUserSession'>;
  clock: Pick<Clock, 'wall'>;
  service: Identity | null;
}): Identity {
  const { people, clock, service } = parts;
  return {
    mode: async () => 'users',
    async who(shown) {
      if (bearerIn(shown) !== null) {
        if (service === null) throw new HiveError('unauthorized', 'the token is wrong');
        return service.who(shown);
      }
      return shown.cookie === undefined ? null : whoOfCookie(people, shown.cookie, clock.wall());
    },
    async again(actor) {
      if (actor.proof?.type === 'session') return whoOfSession(people, actor.proof.id, clock.wall());
      return service?.again(actor) ?? null;
    },
    ticketFor: (actor) => (actor.proof?.type === 'session' ? null : (service?.ticketFor(actor) ?? null)),
  };
}
