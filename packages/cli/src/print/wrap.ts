const ANSI = '\u001b\\[[0-9;]*m';
const ANSI_CODES = new RegExp(ANSI, 'g');
/** Takes no column of its own: what joins emoji, and marks over letters. */
const NO_COLUMN = /^[\p{M}\p{Cf}]$/u;
/** Takes two: emoji, and the scripts of East Asia. */
const TWO_COLUMNS =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]$/u;
/** What a row is broken at: the end of a word; in a word longer than the line, the end of one of its parts. */
const INSIDE_WORD = /(?<=[/?&=,;:._-])/;

/** Columns that a text takes on a terminal; codes for colors take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replaceAll(ANSI_CODES, ''))
    width += NO_COLUMN.test(character) ? 0 : TWO_COLUMNS.test(character) ? 2 : 1;
  return width;
}

/** The beginning of a text that takes at most `width` columns. */
export function cut(text: string, width: number): string {
  let shown = '';
  for (const character of text) {
    if (displayWidth(shown + character) > width) break;
    shown += character;
  }
  return shown;
}

/**
 * Breaks one line between words so that no part takes more than `width` columns. Further parts begin at column `hang`, where at least a
 * third of the line is left for them. Only a word that is longer than a whole line is broken inside.
 */
export function wrap(line: string, width: number, hang = indentOf(line) + 2): string[] {
  if (displayWidth(line) <= width) return [line];
  const indent = ' '.repeat(hang <= (width * 2) / 3 ? hang : Math.min(indentOf(line) + 2, Math.floor(width / 4)));
  const lines: string[] = [];
  let current = '';
  // Spaces stay with the word before them, so that columns of the first part are kept.
  for (const word of line.match(/^\s*\S+\s*|\S+\s*/g) ?? []) {
    if (fits(current + word, width)) {
      current += word;
      continue;
    }
    if (current.trim() !== '') lines.push(current.trimEnd());
    current = lines.length === 0 ? word : indent + word;
    if (fits(current, width)) continue;
    const parts = piecesOf(current, { width, indent });
    lines.push(...parts.slice(0, -1));
    current = parts.at(-1)!;
  }
  if (current.trim() !== '') lines.push(current.trimEnd());
  return lines;
}

/** Columns of the spaces that a line begins with. */
function indentOf(line: string): number {
  return /^ */.exec(line)![0].length;
}

function fits(text: string, width: number): boolean {
  return displayWidth(text.trimEnd()) <= width;
}

function piecesOf(word: string, { width, indent }: { width: number; indent: string }): string[] {
  const pieces: string[] = [];
  let current = '';
  for (const part of word.split(INSIDE_WORD).flatMap((one) => (fits(indent + one, width) ? [one] : Array.from(one)))) {
    if (!fits(current + part, width) && current.trim() !== '') {
      pieces.push(current);
      current = indent;
    }
    current += part;
  }
  return [...pieces, current];
}

/** Help as it is written for a wide terminal: what stands in a second column is broken within it, or goes below where too little is left. */
export function fitHelp(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => fitRow(line, width))
    .join('\n');
}

function fitRow(line: string, width: number): string[] {
  if (displayWidth(line) <= width) return [line];
  const [first, does] = /^(\s*\S.*?\s{2,})(?=\S)/.exec(line) ?? [];
  if (first === undefined || does === undefined) return wrap(line, width);
  const column = displayWidth(first);
  if (column <= width / 2) return wrap(line, width, column);
  const below = indentOf(line) + 4;
  return [...wrap(first.trimEnd(), width, below), ...wrap(' '.repeat(below) + line.slice(first.length), width, below)];
}
