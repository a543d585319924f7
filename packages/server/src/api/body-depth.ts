import { setImmediate } from 'node:timers/promises';

/** No body of the API is half as deep. */
const MOST_DEPTH = 64;
/** Characters that are looked at in one turn of the event loop: some milliseconds. */
const SLICE = 512 * 1024;

const codeOf = (character: string): number => character.charCodeAt(0);
const QUOTE = codeOf('"');
const BACKSLASH = codeOf('\\');
const [OPEN_ARRAY, CLOSE_ARRAY] = [codeOf('['), codeOf(']')];
const [OPEN_OBJECT, CLOSE_OBJECT] = [codeOf('{'), codeOf('}')];

/** Whether a JSON text nests deeper than may be worked through. Looks before it is parsed, and lets others have their turn. */
export async function isTooDeep(json: string): Promise<boolean> {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    if (at % SLICE === SLICE - 1) await setImmediate();
    const code = json.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > MOST_DEPTH) return true;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}
