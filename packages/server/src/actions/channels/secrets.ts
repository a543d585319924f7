import { HiveError, SECRET_PREFIX, type StoredSecret } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { SealedSecret } from '../../store/store.js';
import { sealedAs } from '../../vault/secrets.js';
import type { Verb } from '../verb.js';
import type { ChannelParts } from './create-channel.js';

/** The names of what is stored: values are never shown. */
export function listSecrets({ store }: Pick<ChannelParts, 'store'>): Verb<void, StoredSecret[]> {
  return async (actor) => {
    demand(actor, 'read');
    return (await store.listSecrets()).map(shown);
  };
}

/** Stores a secret, whether it was there before or not. */
export function setSecret({
  store,
  log,
  vault,
  now,
}: ChannelParts): Verb<{ name: string; value: string }, StoredSecret> {
  return async (actor, { name, value }) => {
    demand(actor, 'channel.write');
    const sealed = await vault.seal(value, sealedAs(name));
    const secret = { name, changedAt: new Date(now()).toISOString(), sealed };
    await store.setSecret(secret);
    log.info({ secret: name, who: actor.id }, 'secret set');
    return shown(secret);
  };
}

/** Throws HiveError `not_found`. */
export function deleteSecret({ store, log }: Pick<ChannelParts, 'store' | 'log'>): Verb<string, void> {
  return async (actor, name) => {
    demand(actor, 'channel.write');
    if (!(await store.deleteSecret(name)))
      throw new HiveError('not_found', `there is no stored secret named ${name}`, { hint: 'see GET /api/secrets' });
    log.info({ secret: name, who: actor.id }, 'secret deleted');
  };
}

function shown({ name, changedAt, sealed }: SealedSecret): StoredSecret {
  return { name, changedAt, isSet: sealed !== null, forTargets: name.startsWith(SECRET_PREFIX) };
}
