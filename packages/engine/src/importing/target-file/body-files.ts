import { isMapping, type Mapping, type NoteMistake } from '../mapping.js';
import type { Places } from '../yaml-place.js';

/** The description with the bytes of every `bodyFile` in its place, as `bodyBase64`; what cannot be read is noted. */
export function withBodyFiles(
  description: Mapping,
  at: { places: Places; note: NoteMistake; readFile: ((path: string) => Uint8Array) | undefined },
): Mapping {
  const { requests } = description;
  if (!Array.isArray(requests)) return description;
  return {
    ...description,
    requests: requests.map((request: unknown, index) => {
      if (!isMapping(request) || !Object.hasOwn(request, 'bodyFile')) return request;
      const { bodyFile, ...rest } = request;
      const bytes = bytesOf({ request, bodyFile, path: ['requests', index, 'bodyFile'] }, at);
      return bytes === null ? rest : { ...rest, bodyBase64: Buffer.from(bytes).toString('base64') };
    }),
  };
}

function bytesOf(
  { request, bodyFile, path }: { request: Mapping; bodyFile: unknown; path: PropertyKey[] },
  { places, note, readFile }: Parameters<typeof withBodyFiles>[1],
): Uint8Array | null {
  const wrong = (message: string): null => {
    note(places.value(path), path, message);
    return null;
  };
  if (typeof bodyFile !== 'string' || bodyFile === '') return wrong('must be the path of a file');
  const other = ['body', 'bodyBase64'].find((key) => Object.hasOwn(request, key));
  if (other !== undefined) return wrong(`stands beside ${other}: give one of them`);
  if (readFile === undefined) return wrong('names a file, which is not read here: give its bytes as bodyBase64');
  try {
    return readFile(bodyFile);
  } catch (error) {
    return wrong(`cannot be read: ${(error as Error).message}`);
  }
}
