import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HiveError } from '@hive/contract';
import { makeDirectory } from '@hive/engine';
import { z } from 'zod';

const inviteSchema = z.object({ id: z.string(), name: z.string(), region: z.string().nullable(), untilMs: z.number() });
/** An invitation to a fleet. */
export type Invite = z.infer<typeof inviteSchema>;

/** Who was invited to a fleet, and what became of it. */
export interface Member extends Invite {
  /** The key that took the invitation up; null: nobody has yet. */
  publicKey: string | null;
  revoked: boolean;
}

/** Who belongs to a fleet. What it knows is known to all instances of Hive that share it. */
export interface Roll {
  invite(invite: Invite): Promise<void>;
  /** Everybody who was ever invited. */
  members(): Promise<Member[]>;
  /** Null: nobody of that id was invited. */
  member(id: string): Promise<Member | null>;
  /** Takes an invitation up for one key, once and for all. False: another key has. */
  join(id: string, publicKey: string): Promise<boolean>;
  revoke(id: string): Promise<void>;
}

const OWNER_ONLY = { mode: 0o600, flag: 'wx' } as const;
const ID = /^[a-z0-9]+$/;

/**
 * The roll as files in the directory of the fleet's keys: `ID.json` is the invitation, `ID.joined` the key that took it up, `ID.revoked` the end.
 * A file is made whole or not at all and never changed, so that several processes can share them.
 */
export function createFileRoll(directory: string): Roll {
  const folder = join(directory, 'roll');
  const pathOf = (id: string, what: string): string => join(folder, `${id}.${what}`);

  function inviteIn(id: string): Invite | null {
    const text = readWhole(pathOf(id, 'json'));
    return text === null ? null : inviteSchema.parse(JSON.parse(text));
  }

  const keyIn = (id: string): string | null => readWhole(pathOf(id, 'joined'))?.trim() ?? null;

  function read(id: string): Member | null {
    const invite = ID.test(id) ? inviteIn(id) : null;
    return invite === null ? null : { ...invite, publicKey: keyIn(id), revoked: existsSync(pathOf(id, 'revoked')) };
  }

  /** What was read: a file that is there stays as it is. */
  const invites = new Map<string, Invite>();
  const keys = new Map<string, string>();

  function kept<Value>(known: Map<string, Value>, id: string, make: () => Value | null): Value | null {
    const value = known.get(id) ?? make();
    if (value !== null) known.set(id, value);
    return value;
  }

  /** One of those that the folder names. */
  function listed(id: string, names: ReadonlySet<string>): Member | null {
    const invite = kept(invites, id, () => inviteIn(id));
    if (invite === null) return null;
    const publicKey = names.has(`${id}.joined`) ? kept(keys, id, () => keyIn(id)) : null;
    return { ...invite, publicKey, revoked: names.has(`${id}.revoked`) };
  }

  return {
    async invite(invite) {
      makeDirectory(folder);
      makeOnce(pathOf(invite.id, 'json'), `${JSON.stringify(invite)}\n`);
    },
    async members() {
      if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
      const names = new Set(readdirSync(folder));
      const ids = [...names].flatMap((name) => /^([a-z0-9]+)\.json$/.exec(name)?.[1] ?? []);
      return ids.flatMap((id) => listed(id, names) ?? []);
    },
    member: async (id) => read(id),
    async join(id, publicKey) {
      if (read(id) === null) return false;
      if (makeOnce(pathOf(id, 'joined'), `${publicKey}\n`)) return true;
      return read(id)?.publicKey === publicKey;
    },
    async revoke(id) {
      if (read(id) === null) throw new HiveError('not_found', `nobody of the id ${id} was invited to this fleet`);
      makeOnce(pathOf(id, 'revoked'), '');
    },
  };
}

/** False: it was there already. Nobody sees half of it. */
function makeOnce(path: string, text: string): boolean {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, text, OWNER_ONLY);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

function readWhole(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
