import type { Labels } from '@hive/contract';

/** Labels as they are typed: `team=shop, tier=1`. What has no name stays one, and the API says what is wrong with it. */
export function labelsIn(text: string): Labels {
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [part, ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    }),
  );
}

/** Labels as text: `team=shop, tier=1`. */
export function sayLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
