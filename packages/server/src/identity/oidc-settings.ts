import { readFileSync } from 'node:fs';
import { HiveError, roleSchema, type Role } from '@hive/contract';

/** How people sign in with OpenID Connect. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  /** Null: a public client, which has PKCE alone. */
  clientSecret: string | null;
  /** Which claim of the ID token says what someone may do. */
  roleClaim: string;
  /** The role of each value of that claim. */
  roles: ReadonlyMap<string, Role>;
}

/** The settings as their variables have them. */
export interface OidcVariables {
  oidcIssuer: string | null;
  oidcClientId: string | null;
  oidcClientSecretFile: string | null;
  oidcRoleClaim: string;
  oidcRoleMap: string | null;
  localLogin: 'on' | 'off';
}

/** Null: nobody signs in so. @throws HiveError `validation` that names the variable. */
export function oidcSettingsOf(given: OidcVariables): OidcSettings | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcRoleMap: map, oidcClientSecretFile: file } = given;
  if (issuer === null) {
    for (const [name, value] of Object.entries({ CLIENT_ID: clientId, CLIENT_SECRET_FILE: file, ROLE_MAP: map }))
      if (value !== null) throw refused(`HIVE_OIDC_${name} needs HIVE_OIDC_ISSUER`);
    if (given.localLogin === 'off')
      throw refused('HIVE_LOCAL_LOGIN=off needs HIVE_OIDC_ISSUER: nobody could sign in at all');
    return null;
  }
  if (clientId === null) throw refused('HIVE_OIDC_ISSUER needs HIVE_OIDC_CLIENT_ID');
  if (map === null)
    throw refused('HIVE_OIDC_ISSUER needs HIVE_OIDC_ROLE_MAP, such as hive-admins=admin,developers=operator');
  return Object.freeze({
    issuer,
    clientId,
    clientSecret: file === null ? null : secretIn(file),
    roleClaim: given.oidcRoleClaim,
    roles: rolesIn(map),
  });
}

/** `VALUE=ROLE,…`; a value may hold `=`. */
function rolesIn(map: string): ReadonlyMap<string, Role> {
  const entries = map.split(',').filter((entry) => entry.trim() !== '');
  const roles = entries.map((entry): [string, Role] => {
    const at = entry.lastIndexOf('=');
    const role = roleSchema.safeParse(entry.slice(at + 1).trim());
    const value = entry.slice(0, Math.max(at, 0)).trim();
    if (value !== '' && role.success) return [value, role.data];
    throw refused(`HIVE_OIDC_ROLE_MAP: '${entry.trim()}' must look like GROUP=viewer, GROUP=operator or GROUP=admin`);
  });
  if (roles.length === 0) throw refused('HIVE_OIDC_ROLE_MAP names no role, such as hive-admins=admin');
  return new Map(roles);
}

function secretIn(file: string): string {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
  } catch {
    throw refused(`HIVE_OIDC_CLIENT_SECRET_FILE names ${file}, which cannot be read`);
  }
  if (secret === '') throw refused(`HIVE_OIDC_CLIENT_SECRET_FILE names ${file}, which is empty`);
  return secret;
}

function refused(message: string): HiveError {
  return new HiveError('validation', message, { hint: 'correct the environment variables and start again' });
}
