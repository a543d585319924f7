import type { RouteName, RouteOutput, RouteParsed } from '@hive/contract';
import type { Actions } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';
import { Answer, FileAnswer } from './answers.js';

type AccountRoute = Extract<
  RouteName,
  | 'me'
  | 'signIn'
  | 'beginOidc'
  | 'finishOidc'
  | 'signOut'
  | 'becomeFirstAdmin'
  | 'changePassword'
  | 'listOwnSessions'
  | 'endOwnSession'
  | 'createLiveTicket'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken'
  | 'listAudit'
  | 'listUsers'
  | 'createUser'
  | 'replaceUser'
  | 'deleteUser'
  | 'endSessions'
>;

/** What the routes of accounts do. */
export const accountHandlers: {
  [Name in AccountRoute]: (
    actions: Actions,
    actor: Principal,
    input: RouteParsed<Name>,
  ) => Promise<RouteOutput<Name> | Answer | FileAnswer>;
} = {
  me: async ({ whoAmI }, actor) => new Answer(200, await whoAmI(actor), { cookie: 'extended' }),
  async signIn({ signIn }, actor, { body }) {
    const { me, cookie } = await signIn(actor, body);
    return new Answer(200, me, { cookie: { value: cookie } });
  },
  beginOidc: ({ beginOidc }, actor, { body }) => beginOidc(actor, body),
  async finishOidc({ finishOidc }, actor, { body }) {
    const { me, cookie } = await finishOidc(actor, body);
    return new Answer(200, me, { cookie: { value: cookie } });
  },
  async signOut({ signOut }, actor) {
    await signOut(actor);
    return new Answer(200, { status: 'signed_out' }, { cookie: 'removed' });
  },
  async becomeFirstAdmin({ becomeFirstAdmin }, actor, { body }) {
    const { me, cookie } = await becomeFirstAdmin(actor, body);
    return new Answer(201, me, { cookie: { value: cookie } });
  },
  changePassword: async ({ changePassword }, actor, { body }) => ({ ended: await changePassword(actor, body) }),
  listOwnSessions: async ({ listOwnSessions }, actor) => ({ sessions: await listOwnSessions(actor) }),
  endOwnSession: async ({ endOwnSession }, actor, { params }) => ({ ended: await endOwnSession(actor, params.id) }),
  async createLiveTicket({ createLiveTicket }, actor) {
    const { ticket, seconds } = await createLiveTicket(actor);
    return { ticket, expiresInSeconds: seconds };
  },
  listTokens: async ({ listTokens }, actor) => ({ tokens: await listTokens(actor) }),
  async createToken({ createToken }, actor, { body }) {
    const { token, shown } = await createToken(actor, body);
    return { ...shown, token };
  },
  async revokeToken({ revokeToken }, actor, { params }) {
    await revokeToken(actor, params.id);
    return { revoked: params.id };
  },
  async listAudit({ listAudit, exportAudit }, actor, { query: { format, after, limit, ...filter } }) {
    if (format === 'csv') return new FileAnswer(await exportAudit(actor, filter));
    const { rows, next } = await listAudit(actor, { ...filter, after, limit });
    return { entries: rows, next };
  },
  listUsers: async ({ listUsers }, actor) => ({ users: await listUsers(actor) }),
  createUser: ({ createUser }, actor, { body }) => createUser(actor, body),
  replaceUser: ({ replaceUser }, actor, { params, body }) => replaceUser(actor, { id: params.id, user: body }),
  async deleteUser({ deleteUser }, actor, { params }) {
    await deleteUser(actor, params.id);
    return { deleted: params.id };
  },
  endSessions: async ({ endSessions }, actor, { params }) => ({ ended: await endSessions(actor, params.id) }),
};
