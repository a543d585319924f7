import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.js';
import { bearerIn, type Credentials } from './identity.js';
import { whoMayAll, type Principal } from './principal.js';
import { isSame, newSecret } from './secrets.js';

/** The file in the data directory whose reader is its admin. */
const LOCAL_ADMIN_FILE = 'local-admin';
const LOOPBACK = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;

/** Who can read the data directory of a running Hive is its admin, from this machine. */
export interface LocalAdmin {
  admin: Principal;
  /** Null: the credentials say something else. */
  who(shown: Credentials): Principal | null;
  /** Leaves the token for commands on this machine, with the address that it is good for. */
  announce(url: string): Promise<void>;
  forget(): Promise<void>;
}

/** A token of this process; it is written when it is announced, for the owner of the directory alone. */
export function createLocalAdmin(dataDir: string, log: Pick<Log, 'warn'>): LocalAdmin {
  const token = `hive_local_${newSecret()}`;
  const file = join(dataDir, LOCAL_ADMIN_FILE);
  const admin = whoMayAll('local', 'whoever can read the data directory', { type: 'local' });
  return {
    admin,
    who(shown) {
      const given = bearerIn(shown);
      if (given === null || !isSame(given, token)) return null;
      return LOOPBACK.test(shown.address) && !shown.forwarded ? admin : null;
    },
    async announce(url) {
      try {
        await mkdir(dataDir, { recursive: true });
        // A file that is there keeps its mode when it is written.
        await rm(file, { force: true });
        await writeFile(file, `${JSON.stringify({ url, token })}\n`, { mode: 0o600, flag: 'wx' });
      } catch (error) {
        // Without it, commands need a token.
        log.warn({ err: error }, `the file ${file} could not be written`);
      }
    },
    forget: () => rm(file, { force: true }),
  };
}
