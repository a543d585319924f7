import { HiveError, PERMISSIONS, ROLES, type Labels, type Permission, type Role } from '@hive/contract';

/** How somebody is known. Asked again with it, they are the same, or nobody any more. */
export type Proof =
  | { type: 'nothing' }
  /** In the open mode. */
  | { type: 'anyone' }
  /** HIVE_TOKEN, or a ticket that stands for it. */
  | { type: 'token' }
  | { type: 'ticket' }
  /** The file in the data directory. */
  | { type: 'local' }
  | { type: 'session'; id: string; userId: string }
  | { type: 'api_token'; id: string };

/** Where a request came from. */
export interface Origin {
  address: string;
  /** What the program called itself. */
  agent: string | null;
}

/** Who asks for something, and what they may do. */
export interface Principal {
  /** The same at every request. */
  id: string;
  /** As people read it. */
  name: string;
  permissions: ReadonlySet<Permission>;
  role?: Role;
  email?: string;
  /** Only targets that have all of these labels; absent: all targets. */
  targets?: Labels;
  proof?: Proof;
  origin?: Origin;
  /** They make things as files describe them: they alone change what belongs to files. */
  applies?: true;
}

/** Who is not known, and may do nothing but what anyone may. */
export const NOBODY: Principal = { id: 'nobody', name: 'nobody', permissions: new Set(), proof: { type: 'nothing' } };

/** A principal that may do everything. */
export function whoMayAll(id: string, name: string, proof?: Proof): Principal {
  return { id, name, role: 'admin', permissions: new Set(PERMISSIONS), ...(proof && { proof }) };
}

/** The first line of whatever a caller can do. @throws HiveError `forbidden` naming the permission that is missing. */
export function demand(actor: Principal, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  throw new HiveError('forbidden', `${actor.name} is not allowed to do this: the permission ${permission} is missing`, {
    details: { permission },
  });
}

/** Hive itself, where it measures by itself: it may what an operator may. */
export function whoMayRun(id: string, name: string): Principal {
  return { id, name, permissions: new Set(ROLES.operator) };
}
