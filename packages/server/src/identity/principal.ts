import { HiveError, PERMISSIONS, type Permission } from '@hive/contract';

/** Who asks for something, and what they may do. */
export interface Principal {
  /** The same at every request. */
  id: string;
  /** As people read it. */
  name: string;
  permissions: ReadonlySet<Permission>;
}

/** Who is not known, and may do nothing but what anyone may. */
export const NOBODY: Principal = { id: 'nobody', name: 'nobody', permissions: new Set() };

/** A principal that may do everything. */
export function whoMayAll(id: string, name: string): Principal {
  return { id, name, permissions: new Set(PERMISSIONS) };
}

/** The first line of whatever a caller can do. @throws HiveError `forbidden` naming the permission that is missing. */
export function demand(actor: Principal, permission: Permission): void {
  if (actor.permissions.has(permission)) return;
  throw new HiveError('forbidden', `${actor.name} is not allowed to do this: the permission ${permission} is missing`, {
    details: { permission },
  });
}
