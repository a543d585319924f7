import { headerLines, toHeaders } from '@hive/contract';

type Headers = ReturnType<typeof toHeaders>;

/** `name=value` for each pair, one a line. */
export function linesOf(pairs: Readonly<Record<string, unknown>> = {}): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join('\n');
}

/** What {@link linesOf} wrote; undefined: nothing. A line without `=` has an empty value, for the API to complain about. */
export function pairsOf(lines: string): Record<string, string> | undefined {
  const pairs = lines.split('\n').flatMap((line): [string, string][] => {
    const [name = '', ...rest] = line.split('=');
    return name.trim() === '' ? [] : [[name.trim(), rest.join('=').trim()]];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** The same without what is undefined or empty; undefined: nothing is left. */
export function filled<Value extends object>(value: Value): Value | undefined {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined && one !== '');
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Value);
}

/** `name: value` for each line of some headers. */
export function headerText(headers: Headers = {}): string {
  return headerLines(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** What {@link headerText} wrote; undefined: none. A line without `:` has an empty value, for the API to complain about. */
export function headersOf(text: string): Headers | undefined {
  const lines = text.split('\n').flatMap((line): [string, string][] => {
    const [name = '', ...rest] = line.split(':');
    return name.trim() === '' ? [] : [[name.trim(), rest.join(':').trim()]];
  });
  return lines.length === 0 ? undefined : toHeaders(lines);
}
