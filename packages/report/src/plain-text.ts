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

/** What each sign is written as where it would mean something to Markdown or HTML. */
const WRITTEN: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Text that means nothing to Markdown: no markup, no HTML, no mention of a person and no link to an issue.
 * An empty comment after `@` and `#` keeps GitHub from making a link of what follows.
 */
export function escapeMarkdown(text: string): string {
  return plain(text).replaceAll(/[&<>]|[\\`*_{}[\]|~$]|!(?=\[)|[@#](?=[\p{L}\p{N}])|^[-+=#]|^\d+(?=[.)])/gu, (sign) => {
    if (/^\d/.test(sign)) return `${sign.slice(0, -1)}&#${sign.charCodeAt(sign.length - 1)};`;
    if (/[@#]/.test(sign)) return `\\${sign}<!-- -->`;
    return WRITTEN[sign] ?? `\\${sign}`;
  });
}
