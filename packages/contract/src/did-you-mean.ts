/** The one of `known` that was probably meant, or null. */
export function didYouMean(written: string, known: readonly string[]): string | null {
  const text = plain(written);
  let best: { word: string; edits: number } | null = null;
  for (const word of known) {
    const edits = distance(text, plain(word));
    if (edits <= Math.max(1, Math.floor(text.length / 3)) && (best === null || edits < best.edits))
      best = { word, edits };
  }
  return best?.word ?? null;
}

/** The hint for an unknown word: the one that was probably meant, else all known ones. */
export function suggestion(written: string, known: readonly string[]): string {
  const meant = didYouMean(written, known);
  if (meant !== null) return `did you mean ${meant}?`;
  return known.length === 0 ? 'remove it' : `use one of ${known.join(', ')}`;
}

const LONGEST = 64;
const plain = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .slice(0, LONGEST);

/** Insertions, deletions, changes and swaps of neighbors (optimal string alignment; Damerau 1964). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, before[j - 2]! + 1);
      row.push(edits);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
