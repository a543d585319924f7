import { z } from 'zod';

/** What someone may be allowed to do. `read`: whatever only shows. `run`: whatever measures. */
export const PERMISSIONS = [
  'read',
  'run',
  'target.write',
  'schedule.write',
  'channel.write',
  'storage.write',
  'fleet.write',
  'user.write',
  'audit.read',
] as const;
export const permissionSchema = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof permissionSchema>;

/** What each role may do: each one what the role before it may, and more. */
export const ROLES = {
  viewer: ['read'],
  operator: ['read', 'run'],
  admin: PERMISSIONS,
} as const satisfies Record<string, readonly Permission[]>;
export type Role = keyof typeof ROLES;
export const roleSchema = z.enum(['viewer', 'operator', 'admin']);
