import { decodedFully, isSecretName } from './secret-names.js';

const LONGEST = 60;

/** `access-token` → `ACCESS_TOKEN`. */
export function variableName(text: string): string {
  const name = text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  return /^[A-Z]/.test(name) ? name : `API_${name}`;
}

/**
 * The variable of what was hidden under a name. One that does not sound like a secret gets an ending, so that `path` is never filled in
 * with the PATH of whoever runs it; nor is what belongs to Hive itself.
 */
export function variableFor(written: string): string {
  const name = variableName(decodedFully(written)).slice(0, LONGEST).replace(/_+$/, '');
  const own = /^HIVE(?:_|$)/.test(name) ? `API_${name}` : name;
  return isSecretName(own) ? own : `${own}_SECRET`;
}
