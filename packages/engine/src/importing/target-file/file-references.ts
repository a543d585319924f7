import { isRead } from '../../safety/reads.js';
import { isMapping, type Mapping, type NoteMistake } from '../mapping.js';
import { brokenReference, fillIn, referencesIn, valueOf, waysToSet, type Environment } from '../../safety/secrets.js';
import type { Places } from '../yaml-place.js';

interface Context {
  places: Places;
  note: NoteMistake;
  environment: Environment;
}

/** A text of the file and where it stands. */
type Text = [path: PropertyKey[], text: string];

/**
 * Notes every reference in headers, paths and bodies that has no value, and every `${` that is no reference. What only requests need that
 * write and are off may be missing.
 */
export function referenceMistakes(file: Mapping, context: Context): void {
  const requests: unknown[] = Array.isArray(file['requests']) ? file['requests'] : [];
  const isSent = sentIn(file);
  const anySent = requests.length === 0 || requests.some(isSent);
  noteAll(headerTexts(file['headers'], ['headers']), anySent, context);
  for (const [index, request] of requests.entries()) {
    if (!isMapping(request)) continue;
    const at = ['requests', index];
    const own = ['path', 'body'].flatMap((key): Text[] => {
      const text = request[key];
      return typeof text === 'string' ? [[[...at, key], text]] : [];
    });
    noteAll([...own, ...headerTexts(request['headers'], [...at, 'headers'])], isSent(request), context);
  }
}

/** Whether the file lets a request be sent. */
function sentIn({ safety }: Mapping): (request: unknown) => boolean {
  const writes = isMapping(safety) && safety['allowWrites'] === true && safety['environment'] !== 'production';
  return (request) => {
    const method = isMapping(request) ? request['method'] : undefined;
    return writes || method === undefined || (typeof method === 'string' && isRead({ method }));
  };
}

function noteAll(texts: readonly Text[], isSent: boolean, context: Context): void {
  for (const text of texts) {
    noteBroken(text, context);
    if (isSent) noteMissing(text, context);
  }
}

function headerTexts(headers: unknown, path: PropertyKey[]): Text[] {
  if (!isMapping(headers)) return [];
  return Object.entries(headers).flatMap(([name, value]): Text[] => {
    if (typeof value === 'string') return [[[...path, name], value]];
    if (!Array.isArray(value)) return [];
    return value.flatMap((one: unknown, index): Text[] =>
      typeof one === 'string' ? [[[...path, name, index], one]] : [],
    );
  });
}

function noteBroken([path, text]: Text, { places, note }: Context): void {
  const broken = brokenReference(text);
  if (broken === null) return;
  const fix = 'write ${NAME}, ${NAME:-default}, or $${ for a literal ${';
  note(places.within(path, broken), path, `has '${broken}', which is not a valid reference: ${fix}`);
}

function noteMissing([path, text]: Text, { places, note, environment }: Context): void {
  for (const reference of referencesIn(text)) {
    if (valueOf(reference, environment) !== null) continue;
    const { name } = reference;
    const problem = `needs ${name}, which is not set in the environment: ${waysToSet(name)}`;
    note(places.within(path, reference.text), path, problem);
  }
}

/** Where a target has addresses. `*` stands for each entry of a list. */
const ADDRESSES: readonly (readonly string[])[] = [
  ['url'],
  ['nodes', '*', 'url'],
  ['watch', 'prometheus'],
  ['traffic', 'prometheus'],
  ['dependencies', '*', 'address'],
  ['dependencies', '*', 'proxy'],
  ['safety', 'guards', '*', 'url'],
  ['safety', 'guards', '*', 'prometheus'],
];

/** The description with references in its addresses filled in; what is missing, and credentials that would be stored, are noted. */
export function fillAddresses(description: Mapping, context: Context): Mapping {
  let result: unknown = description;
  for (const pattern of ADDRESSES) result = changeAt(result, { pattern, path: [], change: fillAddress(context) });
  return result as Mapping;
}

function fillAddress(context: Context): (address: string, path: PropertyKey[]) => string {
  return (address, path) => {
    noteAll([[path, address]], true, context);
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
