const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Watches how deep a JSON text in UTF-8 nests, without parsing it: a parser would run out of stack first. The text may be given in parts, one
 * after another; the answer is whether it nests deeper than `most` so far.
 */
export function createDepthWatch(most: number): (part: Uint8Array) => boolean {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (part) => {
    for (const code of part) {
      if (escaped) escaped = false;
      else if (inString) {
        if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) inString = false;
      } else if (code === QUOTE) inString = true;
      else if (OPENING.has(code)) depth += 1;
      else if (CLOSING.has(code)) depth -= 1;
      if (depth > most) return true;
    }
    return false;
  };
}
