import { HiveError, userInputSchema, type User, type UserInput } from '@hive/contract';
import type { Clock } from '@hive/engine';
import type { AccountActions } from './actions/accounts/account-actions.js';
import type { AccountParts } from './actions/accounts/account-parts.js';
import { becomeFirstAdmin } from './actions/accounts/first-admin.js';
import { changePassword, endOwnSession, listOwnSessions } from './actions/accounts/own-account.js';
import { beginOidc, finishOidc } from './actions/accounts/oidc-sign-in.js';
import { signIn, signOut } from './actions/accounts/sign-in.js';
import { createToken, listTokens, revokeToken } from './actions/accounts/tokens.js';
import { createUser, deleteUser, endSessions, listUsers, replaceUser } from './actions/accounts/users.js';
import type { Auditor } from './actions/audit/audited.js';
import { refusals } from './actions/audit/refusals.js';
import { exportAudit, listAudit } from './actions/audit/list-audit.js';
import { whoAmI } from './actions/accounts/who-am-i.js';
import type { Face } from './api/app.js';
import type { FeedTimes } from './api/live/live-feed.js';
import type { Config } from './config.js';
import { prepareFirstAdmin } from './identity/first-admin.js';
import type { Identity } from './identity/identity.js';
import { createLocalAdmin, type LocalAdmin } from './identity/local-admin.js';
import { identityOf } from './identity/modes.js';
import { createLiveTickets, type LiveTickets } from './identity/live-tickets.js';
import { createOidc } from './identity/oidc.js';
import { openIdentity } from './identity/open.js';
import { createPasswords, type Passwords } from './identity/passwords.js';
import type { Principal } from './identity/principal.js';
import type { Log } from './log.js';
import type { PeopleTable } from './store/store.js';

/** Binds the verbs of accounts. */
export function accountActions(parts: AccountParts): AccountActions {
  return {
    whoAmI: whoAmI(parts),
    signIn: signIn(parts),
    beginOidc: beginOidc(parts),
    finishOidc: finishOidc(parts),
    signOut: signOut(parts),
    becomeFirstAdmin: becomeFirstAdmin(parts),
    changePassword: changePassword(parts),
    listOwnSessions: listOwnSessions(parts),
    endOwnSession: endOwnSession(parts),
    listTokens: listTokens(parts),
    createToken: createToken(parts),
    revokeToken: revokeToken(parts),
    listAudit: listAudit(parts.people),
    exportAudit: exportAudit(parts.people),
    listUsers: listUsers(parts),
    createUser: createUser(parts),
    replaceUser: replaceUser(parts),
    deleteUser: deleteUser(parts),
    endSessions: endSessions(parts),
  };
}

/** Accounts, for who can read the data directory while no Hive holds it. */
export interface LocalAccounts {
  list(): Promise<User[]>;
  add(user: UserInput): Promise<User>;
  replace(id: string, user: UserInput): Promise<User>;
  remove(id: string): Promise<void>;
  signOut(id: string): Promise<number>;
}

/** The same verbs, in the name of `actor`. */
export function localAccounts(parts: Pick<AccountParts, 'people' | 'log' | 'now'>, actor: Principal): LocalAccounts {
  const verbs = accountActions({
    ...parts,
    passwords: createPasswords(),
    identity: openIdentity(),
    oidc: null,
    hasPasswords: true,
    pages: [],
    accountsBegan: async () => undefined,
  });
  return {
    list: () => verbs.listUsers(actor),
    add: (user) => verbs.createUser(actor, userInputSchema.parse(user)),
    replace: (id, user) => verbs.replaceUser(actor, { id, user: userInputSchema.parse(user) }),
    remove: (id) => verbs.deleteUser(actor, id),
    signOut: (id) => verbs.endSessions(actor, id),
  };
}

/** What verbs of accounts need beside the store. */
export type Callers = Pick<AccountParts, 'passwords' | 'accountsBegan' | 'oidc' | 'hasPasswords' | 'pages'> & {
  liveTickets: LiveTickets;
  auditor: Auditor;
};

/** What tells who is calling, and keeps what they did. */
interface Prepared extends Callers {
  identity: Identity;
  door: Pick<Face, 'identity' | 'liveTickets' | 'onRefused' | 'feedTimes'>;
  local: LocalAdmin;
  /** The code of the link that makes the first admin; null: nobody needs one. */
  firstAdminCode: string | null;
}

/** What tells who is calling. @throws HiveError `refused_by_safety` where other machines can reach it, and nobody has to sign in. */
export async function prepareCallers(given: {
  people: PeopleTable;
  clock: Clock;
  log: Log;
  config: Config;
  overrides: { identity?: Identity; passwords?: Passwords; feedTimes?: FeedTimes };
}): Promise<Prepared> {
  const { people, clock, log, config, overrides } = given;
  const local = createLocalAdmin(config.dataDir, log);
  const passwords = overrides.passwords ?? createPasswords();
  const firstAdminCode = await prepareFirstAdmin(config.firstAdmin, { people, passwords, nowMs: clock.wall() });
  // From then on people have accounts, also if a later start has no provider.
  if (config.oidc !== null) await people.beginAccounts();
  const usual = identityOf({ people, clock, token: config.token, local });
  const identity = overrides.identity ?? usual;
  await usual.look();
  if (config.beyondLoopback && (await identity.mode()) === 'open') throw nobodySignsIn(config);
  const now = (): number => clock.wall();
  const auditor = { audit: people, log, now };
  const liveTickets = createLiveTickets({ people, identity, now });
  const signingIn = {
    passwords,
    oidc: config.oidc === null ? null : createOidc(config.oidc, { people, now }),
    hasPasswords: config.localLogin === 'on',
    pages: config.corsOrigins,
  };
  const door = { identity, liveTickets, onRefused: refusals(auditor), feedTimes: overrides.feedTimes };
  const accountsBegan = (): Promise<void> => usual.look();
  return { identity, auditor, door, local, ...signingIn, liveTickets, accountsBegan, firstAdminCode };
}

/** Why a start is refused. */
export function nobodySignsIn({ host }: Config): HiveError {
  return new HiveError('refused_by_safety', `${host} can be reached from other machines, and nobody has to sign in`, {
    hint: 'add a user with `hive user add`, set HIVE_FIRST_ADMIN=link or HIVE_TOKEN, or bind to 127.0.0.1',
  });
}
