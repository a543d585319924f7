import { isMapping, type Mapping, type NoteMistake } from '../mapping.js';
import { brokenReference, fillIn, referencesIn, valueOf, type Environment } from '../../safety/secrets.js';
import type { Places } from '../yaml-place.js';

interface Context {
  places: Places;
  note: NoteMistake;
  environment: Environment;
}

/** A text of the file and where it stands. */
type Text = [path: PropertyKey[], text: string];

/** Notes every reference in headers, paths and bodies that has no value, and every `${` that is no reference. */
export function referenceMistakes(file: Mapping, context: Context): void {
  const requests: unknown[] = Array.isArray(file['requests']) ? file['requests'] : [];
  const texts: Text[] = [
    ...headerTexts(file['headers'], ['headers']),
    ...requests.flatMap((request, index): Text[] => {
      if (!isMapping(request)) return [];
      const at = ['requests', index];
      const own = ['path', 'body'].flatMap((key): Text[] => {
        const text = request[key];
        return typeof text === 'string' ? [[[...at, key], text]] : [];
      });
      return [...own, ...headerTexts(request['headers'], [...at, 'headers'])];
    }),
  ];
  for (const text of texts) noteMissing(text, context);
}

function headerTexts(headers: unknown, path: PropertyKey[]): Text[] {
  if (!isMapping(headers)) return [];
  return Object.entries(headers).flatMap(([name, value]): Text[] =>
    typeof value === 'string' ? [[[...path, name], value]] : [],
  );
}

function noteMissing([path, text]: Text, { places, note, environment }: Context): void {
  const broken = brokenReference(text);
  if (broken !== null) {
    const fix = 'write ${NAME}, ${NAME:-default}, or $${ for a literal ${';
    note(places.within(path, broken), path, `has '${broken}', which is not a valid reference: ${fix}`);
  }
  for (const reference of referencesIn(text)) {
    if (valueOf(reference, environment) !== null) continue;
    const { name } = reference;
    const fix = `export ${name}=…, or give a default with \${${name}:-default}`;
    note(places.within(path, reference.text), path, `needs ${name}, which is not set in the environment: ${fix}`);
  }
}

/** Where a target has addresses. `*` stands for each entry of a list. */
const ADDRESSES: readonly (readonly string[])[] = [
  ['url'],
  ['nodes', '*', 'url'],
  ['watch', 'prometheus'],
  ['dependencies', '*', 'address'],
  ['dependencies', '*', 'proxy'],
];

/** The description with references in its addresses filled in; what is missing, and credentials that would be stored, are noted. */
export function fillAddresses(description: Mapping, context: Context): Mapping {
  let result: unknown = description;
  for (const pattern of ADDRESSES) result = changeAt(result, { pattern, path: [], change: fillAddress(context) });
  return result as Mapping;
}

function fillAddress(context: Context): (address: string, path: PropertyKey[]) => string {
  return (address, path) => {
    noteMissing([path, address], context);
    const filled = fillIn(address, context.environment);
    // The authority ends at the first slash, so that an @ in a path is no user.
    if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(filled)) {
      const fix = "write them as a header: authorization: 'Basic ${BASIC}', with the base64 of user:password in BASIC";
      context.note(context.places.value(path), path, `has a user or a password, which would be stored: ${fix}`);
    }
    return filled;
  };
}

function changeAt(
  value: unknown,
  at: { pattern: readonly string[]; path: PropertyKey[]; change: (text: string, path: PropertyKey[]) => string },
): unknown {
  const [key, ...pattern] = at.pattern;
  if (key === undefined) return typeof value === 'string' ? at.change(value, at.path) : value;
  if (key === '*') {
    if (!Array.isArray(value)) return value;
    return value.map((item: unknown, index) => changeAt(item, { ...at, pattern, path: [...at.path, index] }));
  }
  if (!isMapping(value) || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: changeAt(value[key], { ...at, pattern, path: [...at.path, key] }) };
}
