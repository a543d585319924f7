import { SECRET_PREFIX } from '@hive/contract';
import type { Environment } from '@hive/engine';
import type { Store } from '../store/store.js';
import type { Vault } from './vault.js';

/** Where `${NAME}` gets its value: the environment first, then what is stored. */
export interface Secrets {
  /** Those of these names that there are. @throws HiveError `validation` for one that cannot be decrypted. */
  named(names: Iterable<string>): Promise<Environment>;
  /** What may be sent to targets; what cannot be decrypted is not there. */
  forTargets(): Promise<Environment>;
}

interface Parts {
  store: Pick<Store, 'listSecrets'>;
  vault: Vault;
  /** Variables HIVE_SECRET_… of the environment. */
  environment: Environment;
}

/** What a stored secret is sealed as. */
export const sealedAs = (name: string): string => `the secret ${name}`;

export function createSecrets({ store, vault, environment }: Parts): Secrets {
  return {
    async named(names) {
      const wanted = new Set(names);
      const found: Record<string, string | undefined> = {};
      if (wanted.size === 0) return found;
      for (const { name, sealed } of await store.listSecrets())
        if (wanted.has(name) && sealed !== null) found[name] = await vault.open(sealed, sealedAs(name));
      for (const name of wanted) if (environment[name] !== undefined) found[name] = environment[name];
      return found;
    },
    async forTargets() {
      const found: Record<string, string | undefined> = {};
      for (const { name, sealed } of await store.listSecrets()) {
        if (!name.startsWith(SECRET_PREFIX) || sealed === null) continue;
        const value = await vault.open(sealed, sealedAs(name)).catch(() => undefined);
        if (value !== undefined) found[name] = value;
      }
      return { ...found, ...environment };
    },
  };
}
