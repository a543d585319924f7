/** Letters that mean something after a backslash in JavaScript. */
const ESCAPED_LETTERS = /\\[^bBcdDfknprsStuvwWxP0-9\W_]/;
/** What other dialects have and JavaScript takes for something else: POSIX classes, intersections, a pattern between slashes. */
const ELSEWHERE = /\[\[:\^?\w+:\]|&&\[|\\x\{|^\/\^?.*\/[a-z]*$/;

/** The pattern as JavaScript reads it, which JSON Schema asks for; null where it belongs to another dialect or is none. */
export function readPattern(pattern: string): RegExp | null {
  if (ELSEWHERE.test(pattern) || ESCAPED_LETTERS.test(pattern.replaceAll('\\\\', ''))) return null;
  const unicode = compiled(pattern, 'u');
  return unicode ?? (/\\p\{/i.test(pattern) ? null : compiled(pattern, ''));
}

function compiled(pattern: string, flags: string): RegExp | null {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return null;
  }
}

/** Examples for it would be of a size that no request has. */
export const isTooLarge = (pattern: string): boolean => pattern.length > 1_000 || /\{\d{4,}/.test(pattern);
