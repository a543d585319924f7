import { HiveError } from '@hive/contract';
import { isMapping, type Mapping } from '../mapping.js';
import { withoutSecrets } from '../hiding/hidden-path.js';
import type { ApiDocument } from './document.js';
import type { Operation } from './operations.js';

/** Where the operations are served. */
export interface Servers {
  /** `http://host:port[/base]`, without a slash at its end. */
  url: string;
  /** What stands before the path of an operation, beyond `url`; or the host that serves it instead. */
  placeOf(operation: Operation): { before: string } | { elsewhere: string };
  notes: string[];
}

/** Where one operation is served: a host, and what stands before its path there. */
interface Place {
  /** Null where the document does not say which host. */
  origin: string | null;
  base: string;
}

/**
 * The host that serves the operations, and the base path of each. `serverUrl` takes the place of every host; a path of its own takes the
 * place of the document's base path. Without it, it is the host of the document's servers, or the one with the most operations.
 * @throws HiveError `validation` where no host is known.
 */
export function serversOf(
  { document, operations }: { document: Pick<ApiDocument, 'root'>; operations: readonly Operation[] },
  serverUrl: string | undefined,
): Servers {
  const given = serverUrl === undefined ? null : readGiven(serverUrl);
  const common = placeFrom(document.root) ?? { origin: null, base: '' };
  const places = new Map(operations.map((operation) => [operation, ownPlace(operation, common)]));
  const origin = given?.origin ?? common.origin ?? mostFrequent([...places.values()]);
  if (origin === null) throw noHost(document.root);
  const baseOf = (place: Place): string => (given === null ? place.base : rebased(place.base, given.base, common.base));
  const isHere = (place: Place): boolean => given !== null || place.origin === null || place.origin === origin;
  const here = [...places.values()].filter(isHere).map(baseOf);
  const [first = baseOf(common)] = here;
  // What is secret is hidden in paths alone: an address is shown.
  const shared = here.every((base) => base === first) && withoutSecrets(first).names.length === 0 ? first : '';
  return {
    url: `${origin}${shared}`,
    placeOf(operation) {
      const place = places.get(operation) ?? common;
      if (!isHere(place)) return { elsewhere: `${place.origin}${place.base}` };
      return { before: baseOf(place).slice(shared.length) };
    },
    notes: hasUser(document.root) ? ['The address in servers has a user or a password, which was left out'] : [],
  };
}

function readGiven(serverUrl: string): { origin: string; base: string } {
  const url = webAddress(serverUrl);
  if (url !== null) return { origin: url.origin, base: basePath(url) };
  throw new HiveError('validation', `'${serverUrl}' is not an http:// or https:// address`, {
    hint: 'give --url http://host:port',
  });
}

/** A base path of the document at an address with a base path of its own. */
function rebased(base: string, given: string, common: string): string {
  if (given === '' || base === given) return base;
  if (base === common) return given;
  return base.startsWith(`${common}/`) ? `${given}${base.slice(common.length)}` : base;
}

function ownPlace({ item, operation }: Operation, common: Place): Place {
  for (const holder of [operation, item]) {
    const place = placeFrom(holder, common);
    if (place !== null) return place;
  }
  return common;
}

/** The first server that is on the web, preferably on the common host; null where there are none. */
function placeFrom({ servers }: Mapping, common?: Place): Place | null {
  const places = (Array.isArray(servers) ? (servers as unknown[]) : []).flatMap((server) => {
    const place = isMapping(server) ? readServer(server, common) : null;
    return place === null ? [] : [place];
  });
  return places.find(({ origin }) => origin !== null && origin === common?.origin) ?? places[0] ?? null;
}

const NOWHERE = 'http://relative.invalid';

function readServer(server: Mapping, common: Place | undefined): Place | null {
  if (typeof server['url'] !== 'string') return null;
  const text = withVariables(server['url'], server['variables']);
  const url = webAddress(text, NOWHERE);
  if (url === null) return null;
  return { origin: url.origin === NOWHERE ? (common?.origin ?? null) : url.origin, base: basePath(url) };
}

/** Variables give way to their defaults, or to the first of their values. */
function withVariables(text: string, variables: unknown): string {
  return text.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = isMapping(variables) && Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (!isMapping(variable)) return whole;
    const values: unknown = variable['enum'];
    const value: unknown = variable['default'] ?? (Array.isArray(values) ? values[0] : undefined);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
  });
}

function webAddress(text: string, base?: string): URL | null {
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}

const basePath = ({ pathname }: URL): string => pathname.replace(/\/+$/, '');

function mostFrequent(places: readonly Place[]): string | null {
  const counts = new Map<string, number>();
  for (const { origin } of places) if (origin !== null) counts.set(origin, (counts.get(origin) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

const firstServer = ({ servers }: Mapping): string => {
  const [server] = Array.isArray(servers) ? (servers as unknown[]) : [];
  return isMapping(server) && typeof server['url'] === 'string' ? server['url'] : '/';
};

const hasUser = (root: Mapping): boolean => /^[a-z]+:\/\/[^/?#]*@/i.test(firstServer(root));

function noHost(root: Mapping): HiveError {
  return new HiveError('validation', `servers: '${firstServer(root)}' does not say which host serves it`, {
    hint: 'give it with --url http://host:port',
  });
}
