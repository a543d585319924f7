import { isMapping, plainText } from '../mapping.js';
import { variableName } from '../hiding/reference.js';
import { isSecretName } from '../hiding/secret-names.js';

/** Fills in `{{name}}` as a collection says. */
export interface Variables {
  /** With the variables of a folder or a request, which win. */
  with(list: unknown): Variables;
  /** The text; what is unknown or secret stands as a mark, which {@link Variables.finished} turns into `${NAME}`. */
  fill(text: string): string;
  /** Marks become references to the environment. */
  finished(text: string): string;
  /** Names that the environment must have. */
  needed: ReadonlySet<string>;
}

const DEEPEST = 8;
const REFERENCE = /\{\{\s*([^{}]{1,100}?)\s*\}\}/g;
const MARK = /hivevar(\d+)x/g;

/** A value that is a variable and little else: what it is, the environment says. */
export const isVariable = (value: string): boolean =>
  value.search(MARK) >= 0 && value.replace(MARK, '').replace(/^(?:bearer|basic|token)\b/i, '').length < 8;

/** What stands for the dynamic variables of Postman. */
const DYNAMIC: Readonly<Record<string, string>> = {
  $guid: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  $randomUUID: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  $timestamp: '1735689600',
  $isoTimestamp: '2025-01-01T00:00:00.000Z',
  $randomInt: '42',
  $randomEmail: 'hive@example.com',
  $randomBoolean: 'true',
};

export function createVariables(list: unknown): Variables {
  const needed = new Set<string>();
  const marks: string[] = [];
  const make = (known: ReadonlyMap<string, string | null>): Variables => {
    const fill = (text: string, depth = 0): string =>
      text.replace(REFERENCE, (_, name: string) => {
        if (name.startsWith('$')) return DYNAMIC[name] ?? 'hive';
        const value = known.get(name);
        if (typeof value === 'string' && depth < DEEPEST) return fill(value, depth + 1);
        const variable = variableName(name);
        needed.add(variable);
        return `hivevar${marks.push(variable) - 1}x`;
      });
    return {
      with: (more) => make(new Map([...known, ...valuesOf(more)])),
      fill: (text) => fill(text),
      finished: (text) =>
        text.replace(MARK, (whole, index: string) =>
          marks[Number(index)] === undefined ? whole : `\${${marks[Number(index)]}}`,
        ),
      needed,
    };
  };
  return make(new Map(valuesOf(list)));
}

/** Null for a secret, and for one without a value. */
function valuesOf(list: unknown): [string, string | null][] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).flatMap((one): [string, string | null][] => {
    if (!isMapping(one) || one['disabled'] === true || one['enabled'] === false) return [];
    const { key, id, value, type } = one;
    const name = typeof key === 'string' ? key : id;
    if (typeof name !== 'string') return [];
    const isOpen = type !== 'secret' && !isSecretName(name) && value !== '' && value !== null && value !== undefined;
    return [[name, isOpen ? plainText(value) : null]];
  });
}
