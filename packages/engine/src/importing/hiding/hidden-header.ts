import { escapeReferences } from '../../safety/secrets.js';
import { hiddenPair, never, type IsNone } from './hidden-path.js';
import { variableFor } from './reference.js';
import { isSecretName } from './secret-names.js';
import { carriesSecret, looksSecret } from './secret-values.js';

/** The value of a header, with `${NAME:-}` in the place of what is secret; of cookies the values, one by one. `names` are the variables. */
export function withoutHeaderSecrets(
  name: string,
  value: string,
  isNone: IsNone = never,
): { value: string; names: string[] } {
  const names: string[] = [];
  const hide = (written: string): string => {
    const variable = variableFor(written);
    names.push(variable);
    return `\${${variable}:-}`;
  };
  const plain = escapeReferences(value);
  if (name.toLowerCase() === 'cookie') {
    const pairs = plain.split(/(;\s*)/).map((pair, index) => (index % 2 === 1 ? pair : hiddenPair(pair, hide, isNone)));
    return { value: pairs.join(''), names };
  }
  const isSecret = isSecretName(name) || looksSecret(value, name) || carriesSecret(value);
  return { value: isSecret && value !== '' && !isNone(value, name) ? hide(name) : plain, names };
}
