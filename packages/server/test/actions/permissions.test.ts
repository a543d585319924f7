import { HiveError, PERMISSIONS, ROUTES, type Permission, type RouteName } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { Actions } from '../../src/actions/actions.js';
import { handlers } from '../../src/api/handlers.js';
import { createActions } from '../../src/bind-actions.js';
import { NOBODY, type Principal } from '../../src/identity/principal.js';

/** Parts that may be passed on and never used: whoever is not allowed must not get so far. */
const untouchable = (path: string): never =>
  new Proxy(() => undefined, {
    get: (_, key) => untouchable(`${path}.${String(key)}`),
    apply() {
      throw new Error(`${path}() was called before the permission was checked`);
    },
  }) as never;

const actions = createActions({
  parts: {
    store: untouchable('store'),
    bus: untouchable('bus'),
    clock: untouchable('clock'),
    log: untouchable('log'),
  },
  runner: untouchable('runner'),
  generator: untouchable('generator'),
  identity: untouchable('identity'),
  accounts: {
    passwords: untouchable('passwords'),
    accountsBegan: untouchable('accountsBegan'),
    liveTickets: untouchable('liveTickets'),
    auditor: untouchable('auditor'),
    oidc: null,
    hasPasswords: true,
    pages: [],
  },
  version: '0.0.0',
  team: untouchable('team'),
  practice: null,
  learner: untouchable('learner'),
});
const whoMay = (...permissions: Permission[]): Principal => ({
  id: 'some',
  name: 'someone',
  permissions: new Set(permissions),
});
const failure = async (call: () => Promise<unknown>): Promise<HiveError> => {
  const error: unknown = await call().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HiveError) return error;
  throw new Error('was let through', { cause: error });
};

/** What anyone may do. A name is added here deliberately, or never. */
const FOR_ANYONE: (keyof Actions)[] = [
  'checkHealth',
  'describeService',
  'whoAmI',
  'signIn',
  'signOut',
  'becomeFirstAdmin',
  'beginOidc',
  'finishOidc',
];
/** What anyone who is signed in may do to their own account. */
const FOR_ONESELF: (keyof Actions)[] = [
  'changePassword',
  'listOwnSessions',
  'endOwnSession',
  'listTokens',
  'createToken',
  'revokeToken',
];
const OPEN_ROUTES: RouteName[] = [
  'me',
  'signIn',
  'beginOidc',
  'finishOidc',
  'signOut',
  'becomeFirstAdmin',
  'changePassword',
  'listOwnSessions',
  'endOwnSession',
  'listTokens',
  'createToken',
  'revokeToken',
  'service',
  'health',
];

describe('whoever may nothing', () => {
  const free = [...FOR_ANYONE, ...FOR_ONESELF];
  const guarded = Object.entries(actions).filter(([name]) => !free.includes(name as keyof Actions));

  it.each(guarded)('is refused %s, before any part of the server is touched', async (_name, verb) => {
    const call = verb as (actor: Principal, input: unknown) => Promise<unknown>;
    const error = await failure(() => call(NOBODY, untouchable('input')));
    expect(error).toMatchObject({ code: 'forbidden', status: 403, hint: expect.any(String) as string });
    expect(PERMISSIONS).toContain(error.details?.['permission']);
  });

  it.each(FOR_ONESELF)('is refused %s, which is for people who are signed in', async (name) => {
    const call = actions[name] as (actor: Principal, input: unknown) => Promise<unknown>;
    expect(await failure(() => call(NOBODY, untouchable('input')))).toMatchObject({ code: 'unauthorized' });
  });

  it('is told what there is, and how it stands', async () => {
    expect(await actions.describeService(NOBODY)).toEqual({ version: '0.0.0' });
    // The clock would be asked: it was let in.
    await expect(actions.checkHealth(NOBODY)).rejects.toThrow('was called before');
  });
});

describe('the permission that a route names', () => {
  type Handle = (actions: Actions, actor: Principal, input: unknown) => Promise<unknown>;
  const call = (name: RouteName, actor: Principal) => () =>
    (handlers[name] as Handle)(actions, actor, { params: {}, query: {}, body: {} });
  const routes = Object.entries(ROUTES) as [RouteName, { permission: Permission | null }][];
  const closed = routes.flatMap(([name, { permission }]) => (permission === null ? [] : [{ name, permission }]));

  it('is none for these alone', () => {
    expect(routes.filter(([, { permission }]) => permission === null).map(([name]) => name)).toEqual(OPEN_ROUTES);
  });

  it.each(closed)('is what $name needs: $permission', async ({ name, permission }) => {
    const others = PERMISSIONS.filter((one) => one !== permission);
    const error = await failure(call(name, whoMay(...others)));
    expect(error).toMatchObject({ code: 'forbidden', details: { permission } });
    expect(error.message).toContain(`someone is not allowed to do this: the permission ${permission} is missing`);
    // With it alone the verb goes on, to what is not there.
    await expect(call(name, whoMay(permission))()).rejects.not.toMatchObject({ code: 'forbidden' });
  });
});
