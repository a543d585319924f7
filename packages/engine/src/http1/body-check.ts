import { CHECKED_BYTES, type BodyCheck } from '@hive/contract';
import { atPath } from './at-path.js';

/** What is shown of a value that was not the one wanted, characters. */
const MOST_SHOWN = 60;

type Wanted = Exclude<BodyCheck, string>;

/** What is looked for in every answer of one request class. Plain data: it crosses threads. */
export interface CompiledCheck extends Pick<Wanted, 'contains' | 'json'> {
  matches?: RegExp;
}

/** Makes ready what is looked for. */
export function compileCheck(check: BodyCheck): CompiledCheck {
  if (typeof check === 'string') return { contains: check };
  const { matches, ...plain } = check;
  return { ...plain, ...(matches === undefined ? {} : { matches: new RegExp(matches, 'su') }) };
}

/** What is wrong with a body of `whole` bytes that begins so; null: it is as it should be. */
export function problemOfBody(check: CompiledCheck, begin: Uint8Array, whole: number): string | null {
  const body = Buffer.from(begin.buffer, begin.byteOffset, begin.byteLength).toString('utf8');
  const { contains, matches, json } = check;
  const where = whole > begin.byteLength ? `the first ${CHECKED_BYTES / 1024} KiB of the body` : 'the body';
  if (contains !== undefined && !body.includes(contains)) return `${where} does not contain '${clip(contains)}'`;
  if (matches !== undefined && !matches.test(body)) return `${where} does not match /${clip(matches.source)}/`;
  return json === undefined ? null : problemOfJson(json, body, whole > begin.byteLength);
}

function problemOfJson(wanted: NonNullable<Wanted['json']>, body: string, isCut: boolean): string | null {
  if (isCut) return `the body has more than ${CHECKED_BYTES / 1024} KiB, and is not looked into as JSON`;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  for (const [path, want] of Object.entries(wanted)) {
    const found = atPath(value, path);
    if (found === want) continue;
    const shown = found === undefined ? 'not there' : clip(JSON.stringify(found));
    return `${path} in the body is ${shown}, not ${clip(JSON.stringify(want))}`;
  }
  return null;
}

function clip(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
