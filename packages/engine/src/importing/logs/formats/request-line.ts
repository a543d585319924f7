/** `GET /path HTTP/1.1` with the escapes of Apache and nginx (`\xD0`, `\"`) taken back; null when it is no request line. */
export function readRequestLine(text: string): { method: string; target: string } | null {
  const match = /^(\S+) (\S+) HTTP\/\d(?:\.\d)?$/.exec(text);
  if (!match) return null;
  const [, method = '', target = ''] = match;
  return { method, target: target.includes('\\') ? unescaped(target) : target };
}

const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', v: '\v', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|([nrtbvf"\\]))/gi, (whole, byte: string | undefined, character: string) => {
    if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16));
    return NAMED[character] ?? (/["\\]/.test(character) ? character : whole);
  });
}
