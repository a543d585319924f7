/**
 * Splits command lines as a shell does: quotes, `$'…'`, a backslash at the end of a line; `;`, `&` and a line that begins with curl end a command. Commands that browsers copy
 * for cmd.exe have `^` in the place of the backslash.
 */
export function commandsIn(line: string): string[][] {
  const text = /\^(?:\r?\n|")/.test(line) ? withoutCarets(line) : line;
  const commands: string[][] = [[]];
  let word: string | null = null;
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    const ends = piece === ';' || piece === '&' || (/^\s*\n\s*$/.test(piece) && BEGINS.test(text.slice(index)));
    if (ends || /^\s+$/.test(piece)) {
      if (word !== null) commands.at(-1)?.push(word);
      word = null;
      if (ends) commands.push([]);
    } else if (!/^\\\r?\n$/.test(piece)) word = (word ?? '') + plain(piece);
  }
  if (word !== null) commands.at(-1)?.push(word);
  return commands.filter((words) => words.length > 0);
}

const BEGINS = /^\s+curl(?:\.exe)?\s/i;

const PIECE =
  /\$'(?:[^'\\]|\\[^])*'|'[^']*'|"(?:[^"\\]|\\[^])*"|\\\r?\n|\\[^]|\s+|;(?=\s|$)|&(?=\s|$)|[^\s\\'"$;&]+|[^]/g;

function plain(piece: string): string {
  if (piece.startsWith("$'")) return piece.slice(2, -1).replace(/\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[^])/gi, unescaped);
  if (piece.length > 1 && piece.startsWith("'")) return piece.slice(1, -1);
  if (piece.length > 1 && piece.startsWith('"'))
    return piece.slice(1, -1).replace(/\\(\r?\n|[\\"$`])/g, (_, one: string) => (one.endsWith('\n') ? '' : one));
  return piece.length > 1 && piece.startsWith('\\') ? piece.slice(1) : piece;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** `\n`, `\u0021`, `\x21`, and any other character as it is. */
function unescaped(escape: string): string {
  const [, kind = '', ...rest] = escape;
  return rest.length > 0 ? String.fromCharCode(Number.parseInt(rest.join(''), 16)) : (ESCAPES[kind] ?? kind);
}

/** `^"` is a quote, `^\^"` one within quotes, and `^` at the end of a line goes on. */
function withoutCarets(line: string): string {
  return line.replace(/\^\r?\n[ \t]*\r?\n?/g, ' ').replace(/\^(.)/g, '$1');
}
