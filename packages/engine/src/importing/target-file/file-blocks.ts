import { headersSchema, suggestion, type Headers } from '@hive/contract';
import { isMapping, type NoteMistake } from '../mapping.js';
import type { Places } from '../yaml-place.js';

/** Reads one value of a block; throws an Error whose message says what is wrong. */
export type ReadValue = (value: unknown) => unknown;
/** By block, then by key. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, ReadValue>>>>;
export type BlockValues = Record<string, Record<string, unknown>>;

/** Reads the blocks that belong to commands; what is wrong with a value is noted where it stands. */
export function readBlocks(
  given: Record<string, unknown>,
  { places, note, blocks }: { places: Places; note: NoteMistake; blocks: Blocks | undefined },
): BlockValues {
  const result: BlockValues = {};
  for (const [name, readers] of Object.entries(blocks ?? {})) {
    const block = given[name];
    result[name] = {};
    if (block === undefined || block === null) continue;
    if (!isMapping(block)) {
      note(places.value([name]), [name], 'must be a mapping of options to values');
      continue;
    }
    for (const [key, value] of Object.entries(block)) {
      const path = [name, key];
      const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
      if (read === undefined) note(places.key(path), path, `is unknown: ${suggestion(key, Object.keys(readers))}`);
      else if (value === null) note(places.key(path), path, 'is empty: give it a value, or remove it');
      else {
        try {
          result[name][key] = read(value);
        } catch (error) {
          note(places.value(path), path, error instanceof Error ? error.message : String(error));
        }
      }
    }
  }
  return result;
}

/** The headers that all requests carry. */
export function commonHeaders(given: unknown, { places, note }: { places: Places; note: NoteMistake }): Headers {
  if (given === undefined) return {};
  if (!isMapping(given)) {
    note(places.value(['headers']), ['headers'], "must be a mapping such as authorization: 'Bearer ${TOKEN}'");
    return {};
  }
  const headers: Headers = {};
  for (const [name, value] of Object.entries(given)) {
    const { success, data, error } = headersSchema.safeParse({ [name]: value });
    if (success) Object.assign(headers, data);
    else note(places.value(['headers', name]), ['headers', name], error.issues[0]?.message ?? 'is not valid');
  }
  return headers;
}
