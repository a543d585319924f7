import { count } from './imported.js';
import { estimateSkew, type KeySkew } from './key-skew.js';

/** What an id in a path looks like. */
export type IdKind = 'number' | 'uuid' | 'hex';

/** Requests that differ in their ids and query values alone. */
export interface PathClass {
  method: string;
  /** Empty where it is not known, or is the same for all. */
  host: string;
  /** Path and query; `{key}` stands where the ids were. */
  path: string;
  /** How many requests it stands for. */
  requests: number;
  /** Different paths and queries, ids left aside. The most frequent is `path`. */
  variants: number;
  ids: Ids | null;
}

/** The ids that were seen where `{key}` stands. */
export interface Ids {
  kind: IdKind;
  distinct: number;
  /** More were seen than are kept count of. */
  more: boolean;
  skew: KeySkew;
  /** The one seen most often. */
  example: string;
  /** Whole numbers that lie more or less from 1 to `distinct`, which is what Hive draws. */
  fromOne: boolean;
}

export interface PathGroups {
  /** `path` with its query, percent-encoded. */
  add(method: string, path: string, host?: string): void;
  /** Most frequent first. */
  classes(): PathClass[];
  /** Requests of groups beyond the bound. */
  beyond(): number;
}

interface Group {
  method: string;
  host: string;
  requests: number;
  /** By place: how often each id stood there. */
  ids: Map<string, Map<string, number>>;
  /** Places that met more ids than may be remembered. */
  full: Set<string>;
  /** How often each path was seen, its ids blanked. */
  shapes: Map<string, number>;
}

const MOST_GROUPS = 20_000;
const MOST_SHAPES = 100;
const MOST_IDS = 1_000_000;
/** Stands around the name of a place in a shape: no path has it. */
const MARK = '\0';

/** Groups paths by what they have in common. Memory is bounded, however many come. `exactIds`: ids are part of the path. */
export function createPathGroups({ exactIds }: { exactIds: boolean }): PathGroups {
  const groups = new Map<string, Group>();
  let idsKept = 0;
  let beyond = 0;

  const addId = (group: Group, place: string, id: string): void => {
    let seen = group.ids.get(place);
    if (seen === undefined) group.ids.set(place, (seen = new Map<string, number>()));
    const before = seen.get(id);
    if (before !== undefined) seen.set(id, before + 1);
    else if (idsKept < MOST_IDS) {
      idsKept += 1;
      seen.set(detached(id), 1);
    } else group.full.add(place);
  };

  return {
    add(method, path, host = '') {
      const { pattern, shape, ids } = blank(path, exactIds);
      const name = `${method} ${host}${pattern}`;
      let group = groups.get(name);
      if (group === undefined) {
        if (groups.size >= MOST_GROUPS) {
          beyond += 1;
          return;
        }
        const names = { method: detached(method), host: detached(host) };
        group = { ...names, requests: 0, ids: new Map(), full: new Set(), shapes: new Map() };
        groups.set(detached(name), group);
      }
      group.requests += 1;
      for (const [place, id] of ids) addId(group, place, id);
      if (group.shapes.has(shape)) count(group.shapes, shape);
      else if (group.shapes.size < MOST_SHAPES) group.shapes.set(detached(shape), 1);
    },
    classes: () => [...groups.values()].map(toClass).sort((a, b) => b.requests - a.requests),
    beyond: () => beyond,
  };
}

/** The name of the group, the path with its ids blanked, and the ids by place. */
function blank(path: string, exactIds: boolean): { pattern: string; shape: string; ids: [string, string][] } {
  const [pathname, query] = split(path);
  const ids: [string, string][] = [];
  const mark = (place: string, text: string): string => {
    const kind = exactIds ? null : idKind(text);
    if (kind === null) return text;
    const name = `${place}:${kind}`;
    ids.push([name, text]);
    return `${MARK}${name}${MARK}`;
  };
  const blanked = pathname
    .split('/')
    .map((segment, index) => mark(String(index), segment))
    .join('/');
  if (query === null) return { pattern: blanked, shape: blanked, ids };
  if (exactIds) return { pattern: path, shape: path, ids };
  const names: string[] = [];
  const shown = query.split('&').map((pair) => {
    const at = pair.indexOf('=');
    if (at < 0) names.push(pair);
    else names.push(pair.slice(0, at));
    return at < 0 ? pair : `${pair.slice(0, at + 1)}${mark(`?${pair.slice(0, at)}`, pair.slice(at + 1))}`;
  });
  return { pattern: `${blanked}?${names.join('&')}`, shape: `${blanked}?${shown.join('&')}`, ids };
}

function split(path: string): [pathname: string, query: string | null] {
  const at = path.indexOf('?');
  return at < 0 ? [path, null] : [path.slice(0, at), path.slice(at + 1)];
}

function idKind(text: string): IdKind | null {
  if (!/^[0-9a-f]/i.test(text)) return null;
  if (/^\d{1,20}$/.test(text)) return 'number';
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return 'uuid';
  // Object ids and digests; the digit keeps words out.
  return /^(?=.*\d)[0-9a-f]{24,64}$/i.test(text) ? 'hex' : null;
}

function toClass(group: Group): PathClass {
  const { method, host, requests, shapes } = group;
  const shape = mostFrequent(shapes) ?? '/';
  const places = shape.split(MARK).filter((_, index) => index % 2 === 1);
  const keyed = widest(group, places);
  const pieces = shape.split(MARK).map((piece, index) => {
    if (index % 2 === 0) return piece;
    return piece === keyed ? '{key}' : (mostFrequent(group.ids.get(piece) ?? new Map<string, number>()) ?? '0');
  });
  const ids = keyed === null ? null : describeIds(group, keyed);
  return { method, host, path: pieces.join(''), requests, variants: shapes.size, ids };
}

/** Only one place can be drawn: the one with the most different ids. */
function widest({ ids }: Group, places: readonly string[]): string | null {
  let best: string | null = null;
  for (const place of places) {
    const distinct = ids.get(place)?.size ?? 0;
    if (distinct > 1 && (best === null || distinct > (ids.get(best)?.size ?? 0))) best = place;
  }
  return best;
}

function describeIds({ ids, full }: Group, place: string): Ids {
  const seen = ids.get(place) ?? new Map<string, number>();
  const kind = place.slice(place.lastIndexOf(':') + 1) as IdKind;
  let largest = 0;
  if (kind === 'number') for (const id of seen.keys()) largest = Math.max(largest, Number(id));
  return {
    kind,
    distinct: seen.size,
    more: full.has(place),
    skew: estimateSkew(seen.values()),
    example: mostFrequent(seen) ?? '',
    fromOne: kind === 'number' && largest <= 2 * seen.size + 10,
  };
}

function mostFrequent(counts: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  let most = 0;
  for (const [text, times] of counts) if (times > most) [best, most] = [text, times];
  return best;
}

/** A copy: a slice would keep the whole piece of the file alive that it was cut from. */
const detached = (text: string): string => (text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8'));
