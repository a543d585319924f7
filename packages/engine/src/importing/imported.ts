import type { TargetInput } from '@hive/contract';

/** A target that was made from a recording or a description of a service. */
export interface Imported {
  /** Valid as it stands; `${` of the source is escaped, so that it is sent as it was. */
  target: TargetInput;
  /** What was taken, in one sentence. */
  summary: string;
  /** What was left out, or what a person should know or do: one sentence each. */
  notes: string[];
  /** Names that the environment must say before requests are sent, and what each is for. */
  secrets: { name: string; purpose: string }[];
  /** A comment for a request, by its name. */
  comments: Record<string, string>;
}

/** The contract's own bound on the requests of a target. */
export const MOST_REQUESTS = 200;

const LONGEST_NAME = 63;

/** Gives names that are valid and unique, whatever they are made of: `Get /users/{id}` → `get-users-id`, then `get-users-id-2`. */
export function createNames(): (wish: string) => string {
  const given = new Set<string>();
  return (wish) => {
    const base = nameOf(wish);
    let name = base;
    for (let count = 2; given.has(name.toLowerCase()); count++) {
      const suffix = `-${count}`;
      name = `${base.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
    }
    given.add(name.toLowerCase());
    return name;
  };
}

function nameOf(wish: string): string {
  const text = wish
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, LONGEST_NAME);
  return text.replace(/[-._]+$/, '') || 'request';
}

/** `count` things: `1 request`, `1,204 requests`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** `{ 404: 12, 500: 3 }` → `12 × 404, 3 × 500`, most frequent first. */
export function tally(counts: ReadonlyMap<string | number, number>): string {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, 8).map(([what, count]) => `${count.toLocaleString('en-US')} × ${what}`);
  return `${shown.join(', ')}${sorted.length > 8 ? ', …' : ''}`;
}

/** Counts one more of a thing. */
export function count<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
