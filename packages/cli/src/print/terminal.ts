import picocolors from 'picocolors';
import { cut, wrap } from './wrap.js';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where people read: results on stdout, progress on stderr. */
export interface Terminal {
  /** Colors of what is written to stdout. */
  colors: Colors;
  /** Colors of what is written to stderr. */
  progressColors: Colors;
  /** True when progress may rewrite its last line. */
  live: boolean;
  /** A line of the result. Where it is longer than the terminal is wide, it goes on at column `hang`. */
  print(line: string, hang?: number): void;
  /** A line of progress that stays; likewise. */
  progress(line: string, hang?: number): void;
  /** The lines that are rewritten; nothing where progress is not a terminal. */
  status(...lines: string[]): void;
  /** Columns that rewritten lines may take. */
  columns: number;
  /** Columns of the result and of progress; Infinity where neither a terminal nor COLUMNS says how many. */
  widths: { result: number; progress: number };
  /** Takes the rewritten lines away. */
  clear(): void;
}

/** `quiet` silences progress; `json` also the printed result, so that stdout holds the machine's output alone. */
export function createTerminal(options: {
  colorAllowed: boolean;
  columns: number | null;
  json: boolean;
  quiet: boolean;
}): Terminal {
  const { stdout, stderr } = process;
  const live = stderr.isTTY && !options.quiet;
  let statusLines = 0;
  const clear = (): void => {
    if (statusLines > 0) stderr.write(`\r\u001b[2K${'\u001b[1A\u001b[2K'.repeat(statusLines - 1)}`);
    statusLines = 0;
  };
  const widths = {
    get result() {
      return widthOf(stdout, options.columns);
    },
    get progress() {
      return widthOf(stderr, options.columns);
    },
  };
  return {
    widths,
    colors: colorsFor(stdout, options.colorAllowed),
    progressColors: colorsFor(stderr, options.colorAllowed),
    live,
    clear,
    print(line, hang) {
      clear();
      if (!options.json) stdout.write(`${lines(line, widths.result, hang)}\n`);
    },
    progress(line, hang) {
      clear();
      if (!options.quiet) stderr.write(`${lines(line, widths.progress, hang)}\n`);
    },
    get columns() {
      return Math.min(widths.progress, MOST_LIVE_COLUMNS);
    },
    status(...parts) {
      if (!live) return;
      clear();
      stderr.write(parts.map((line) => cut(line, Math.min(widths.progress, MOST_LIVE_COLUMNS) - 1)).join('\n'));
      statusLines = parts.length;
    },
  };
}

/** Some terminals do not say how wide they are: then a rewritten line stays short. */
const MOST_LIVE_COLUMNS = 200;

function lines(text: string, width: number, hang: number | undefined): string {
  return text
    .split('\n')
    .flatMap((line) => wrap(line, width, hang))
    .join('\n');
}

/** Of a terminal, else as COLUMNS says; a file has no width. */
export function widthOf(stream: { isTTY?: boolean; columns?: number }, columns: number | null): number {
  return (stream.isTTY === true && stream.columns) || (columns ?? (stream.isTTY === true ? 100 : Infinity));
}

/** A stream that is not a terminal has no `isTTY`, and picocolors takes undefined for "decide yourself": it then colors under CI. */
function colorsFor(stream: { isTTY?: boolean }, allowed: boolean): Colors {
  return picocolors.createColors(allowed && stream.isTTY === true);
}
