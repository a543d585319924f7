import type { Clock } from '@hive/engine';
import type { PeopleTable } from '../store/store.js';
import { isApiToken, whoOfApiToken, whoOfTokenId } from './api-tokens.js';
import { bearerIn, type Identity } from './identity.js';
import type { LocalAdmin } from './local-admin.js';
import { openIdentity } from './open.js';
import { tokenIdentity } from './token.js';
import { usersIdentity } from './users.js';

/** Others may give someone the first account: it is looked up again after this long. */
const LOOK_MS = 1_000;

/** How long a request waits for that, once something is known: a store that is away must not stop the rest. */
const PATIENCE_MS = 500;

/** The identity of the mode that holds now. From the first account on it is the users mode, for good. */
export function identityOf(parts: {
  people: Pick<PeopleTable, 'hasAccounts' | 'findUserSession' | 'touchUserSession' | 'findApiToken' | 'touchApiToken'>;
  clock: Pick<Clock, 'wall' | 'now' | 'sleep'>;
  token: string | null;
  local: LocalAdmin | null;
}): Identity & { look(): Promise<void> } {
  const { people, clock, token, local } = parts;
  const service = token === null ? null : tokenIdentity(token, clock);
  const users = usersIdentity({ people, clock, service });
  const open = openIdentity();
  const before = service ?? open;
  let hasAccounts = false;
  let isKnown = false;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  const lookOnce = async (): Promise<void> => {
    lookedAtMs = clock.now();
    hasAccounts ||= await people.hasAccounts();
    isKnown = true;
  };
  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => (looking = null));
    return looking;
  };
  const lookPatiently = async (): Promise<void> => {
    const waiting = new AbortController();
    const asked = look().catch(() => undefined);
    await Promise.race([asked, clock.sleep(PATIENCE_MS, waiting.signal).catch(() => undefined)]);
    waiting.abort();
  };
  const current = async (): Promise<Identity> => {
    if (!hasAccounts && clock.now() - lookedAtMs >= LOOK_MS) await (isKnown ? lookPatiently() : look());
    return hasAccounts ? users : before;
  };
  return {
    look,
    mode: async () => (await current()).mode(),
    async who(shown) {
      const admin = local?.who(shown);
      if (admin) return admin;
      const mode = await current();
      const bearer = bearerIn(shown);
      // Where anyone may do everything, a token says nothing.
      if (mode !== open && bearer !== null && isApiToken(bearer)) return whoOfApiToken(people, bearer, clock.wall());
      return mode.who(shown);
    },
    async again(actor) {
      if (actor.proof?.type === 'local') return local?.admin ?? null;
      const mode = await current();
      if (actor.proof?.type === 'api_token') return whoOfTokenId(people, actor.proof.id, clock.wall());
      return mode.again(actor);
    },
    // Who has a session is told so by the users mode, and who has the token by either.
    ticketFor: (actor) => (hasAccounts ? users : before).ticketFor(actor),
  };
}
