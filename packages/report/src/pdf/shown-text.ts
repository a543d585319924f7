import { plain } from '../plain-text.js';

/** What a missing character is shown as. */
const MISSING = '□';
/** Written from right to left: Hebrew, Arabic and their neighbors. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** Marks that change the character before them and show nothing themselves. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}/gu;

/**
 * A text as this font can show it: what it lacks is shown as □. Words that are written from right to left are put in the order in which they
 * are read; the font turns the letters of each.
 */
export function shownText(text: string, has: (codePoint: number) => boolean): string {
  const characters = Array.from(plain(text).replaceAll(INVISIBLE, ''));
  const shown = characters.map((one) => (has(one.codePointAt(0)!) ? one : MISSING)).join('');
  return RIGHT_TO_LEFT.test(shown) ? inReadingOrder(shown.split(' ')).join(' ') : shown;
}

/** Reverses each run of words that are written from right to left. */
function inReadingOrder(words: readonly string[]): string[] {
  const ordered: string[] = [];
  let run: string[] = [];
  for (const word of words) {
    if (RIGHT_TO_LEFT.test(word)) run.unshift(word);
    else {
      ordered.push(...run, word);
      run = [];
    }
  }
  return [...ordered, ...run];
}
