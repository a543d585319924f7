import { HiveError } from '@hive/contract';
import { readLabels, type PageLine } from './prometheus-text.js';

/** Which lines of a page are meant. */
export interface SeriesSelector {
  /** As it was written. */
  text: string;
  name: string;
  labels: ReadonlyMap<string, string>;
}

const NAME = /^([a-zA-Z_:][\w:]*)\s*(\{)?/;

/**
 * Reads `name` or `name{label="value",…}`; labels that are not named may have any value.
 * @throws HiveError `validation` naming the field.
 */
export function parseSelector(written: string, field: string): SeriesSelector {
  const text = written.trim();
  const begin = NAME.exec(text);
  const labels = new Map<string, string>();
  if (begin !== null) {
    const [all, name, brace] = begin as unknown as [string, string, string | undefined];
    const end = brace === undefined ? all.length : readLabels(text, all.length, labels);
    if (end === text.length) return { text, name, labels };
  }
  throw new HiveError('validation', `${field}: '${text}' names no series`, {
    hint: 'write a name as the metrics page has it, or name{label="value"}',
  });
}

export function selects(selector: SeriesSelector, line: PageLine): boolean {
  if (line.name !== selector.name) return false;
  // A label that is absent and one that is empty are the same to Prometheus.
  return [...selector.labels].every(([label, value]) => (line.labels.get(label) ?? '') === value);
}
