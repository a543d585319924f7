/** Control characters, and the marks that turn the direction of the text around them. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu;

/**
 * A name or a message as it may stand in any format: on one line, without control characters (a terminal obeys them), and without marks that
 * change the direction of what follows.
 */
export function plain(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').replaceAll(UNSAFE, '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The same for XML and HTML, between tags and in attributes. */
export function escapeMarkup(text: string): string {
  return plain(text)
    .replaceAll(/[\uFFFE\uFFFF]/g, '')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
