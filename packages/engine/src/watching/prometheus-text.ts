/** One line of a page. */
export interface PageLine {
  name: string;
  labels: ReadonlyMap<string, string>;
  value: number;
}

export interface Page {
  /** The lines whose names were wanted. */
  lines: PageLine[];
  /** Declared types by metric name. */
  types: ReadonlyMap<string, string>;
  /** Lines that were left out: how many, and why the first was. Null: none. */
  odd: { count: number; first: string } | null;
}

const TYPE = /^[ \t]*#[ \t]+TYPE[ \t]+([a-zA-Z_:][\w:]*)[ \t]+(\w+)[ \t]*$/;
const TYPE_BEGIN = /^[ \t]*#[ \t]+TYPE[ \t]/;
const NAME = /[ \t]*([a-zA-Z_:][\w:]*)(?:[ \t]*(\{)|[ \t]+)/y;
const LABEL = /[ \t]*([a-zA-Z_]\w*)[ \t]*=[ \t]*"([^"\\]*(?:\\[\\"n][^"\\]*)*)"[ \t]*([,}])/y;
const LABELS_END = /[ \t]*\}/y;
/** Value, timestamp and exemplar; the last two are passed over. */
const TAIL = /[ \t]*([^ \t]+)(?:[ \t]+-?\d+(?:\.\d+)?)?(?:[ \t]+#.*|[ \t]*)$/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;
const SHOWN = 60;

/**
 * Reads the Prometheus text format, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats. A line that
 * is not of the format, or repeats a wanted series, is left out and told; a page without one good line is refused with the reason in words.
 * Lines of a histogram or summary are series like all others.
 */
export function readPage(text: string, wanted: ReadonlySet<string>): Page | { problem: string } {
  const rows = text.split('\n');
  const unfinished = rows.pop() ?? '';
  const types = new Map<string, string>();
  const lines: PageLine[] = [];
  const seen = new Set<string>();
  let odd: Page['odd'] = null;
  let good = 0;
  for (const [index, written] of rows.entries()) {
    const row = written.endsWith('\r') ? written.slice(0, -1) : written;
    const leaveOut = (why: string): void => {
      odd = { count: (odd?.count ?? 0) + 1, first: odd?.first ?? `line ${index + 1} ${why}: ${excerpt(row)}` };
    };
    if (/^[ \t]*(?:#|$)/.test(row)) {
      const type = TYPE.exec(row);
      if (type) types.set(type[1] as string, type[2] as string);
      else if (TYPE_BEGIN.test(row)) leaveOut('is not in the Prometheus text format');
      continue;
    }
    const line = readLine(row);
    if (line === null) {
      leaveOut('is not in the Prometheus text format');
      continue;
    }
    good += 1;
    if (!wanted.has(line.name)) continue;
    const id = identity(line);
    if (seen.has(id)) leaveOut('repeats a series');
    else lines.push(line);
    seen.add(id);
  }
  let left = odd as Page['odd'];
  // Its number might go on.
  const cut = `the page ends in the middle of a line: ${excerpt(unfinished)}`;
  if (unfinished !== '') left = { count: (left?.count ?? 0) + 1, first: left?.first ?? cut };
  return good === 0 && left !== null ? { problem: left.first } : { lines, types, odd: left };
}

/** The same text for the same series, whatever the order of its labels. */
export function identity({ name, labels }: Pick<PageLine, 'name' | 'labels'>): string {
  return JSON.stringify([name, [...labels].sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** True where the value only ever grows, so that its growth is the figure, and not itself. */
export function isCumulative(name: string, types: ReadonlyMap<string, string>): boolean {
  const own = types.get(name);
  if (own !== undefined && own !== 'untyped' && own !== 'unknown') return own === 'counter';
  const [, base = name, suffix] = /^(.*)_(total|bucket|sum|count)$/.exec(name) ?? [];
  const type = types.get(base);
  if (suffix === 'total') return type === undefined || type === 'counter' || type === 'unknown';
  return suffix !== undefined && (type === 'histogram' || (type === 'summary' && suffix !== 'bucket'));
}

function readLine(row: string): PageLine | null {
  const begin = matchAt(NAME, row, 0);
  if (begin === null) return null;
  let end = NAME.lastIndex;
  const labels = new Map<string, string>();
  if (begin[2] !== undefined) {
    const after = readLabels(row, end, labels);
    if (after === null) return null;
    end = after;
  }
  const tail = matchAt(TAIL, row, end);
  const value = tail === null ? null : toNumber(tail[1] as string);
  return value === null ? null : { name: begin[1] as string, labels, value };
}

/**
 * Reads `name="value",…}` from `start` on into `labels`.
 * @returns where the brace has closed; null when it is written otherwise, or names a label twice.
 */
export function readLabels(row: string, start: number, labels: Map<string, string>): number | null {
  for (let at = start; ; at = LABEL.lastIndex) {
    if (matchAt(LABELS_END, row, at) !== null) return LABELS_END.lastIndex;
    const label = matchAt(LABEL, row, at);
    if (label === null || labels.has(label[1] as string)) return null;
    labels.set(label[1] as string, unescaped(label[2] as string));
    if (label[3] === '}') return LABEL.lastIndex;
  }
}

function matchAt(pattern: RegExp, row: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(row);
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));

function toNumber(text: string): number | null {
  if (NUMBER.test(text)) return Number(text);
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return NOT_A_NUMBER.test(text) ? Number.NaN : null;
}

/** The page is a stranger's: nothing of it may steer a terminal. */
function excerpt(row: string): string {
  const shown = row.slice(0, SHOWN).replaceAll(/[\p{C}\p{Z}]/gu, ' ');
  return `'${shown}${row.length > SHOWN ? '…' : ''}'`;
}
