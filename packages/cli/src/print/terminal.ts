import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where people read: results on stdout, progress on stderr. */
export interface Terminal {
  /** Colors of what is written to stdout. */
  colors: Colors;
  /** Colors of what is written to stderr. */
  progressColors: Colors;
  /** True when progress may rewrite its last line. */
  live: boolean;
  /** A line of the result. */
  print(line: string): void;
  /** A line of progress that stays. */
  progress(line: string): void;
  /** The lines that are rewritten; nothing where progress is not a terminal. */
  status(...lines: string[]): void;
  /** Columns of the terminal that progress goes to. */
  columns: number;
  /** Takes the rewritten lines away. */
  clear(): void;
}

/** `quiet` silences progress; `json` also the printed result, so that stdout holds the machine's output alone. */
export function createTerminal(options: { colorAllowed: boolean; json: boolean; quiet: boolean }): Terminal {
  const { stdout, stderr } = process;
  const live = stderr.isTTY && !options.quiet;
  let statusLines = 0;
  const clear = (): void => {
    if (statusLines > 0) stderr.write(`\r\u001b[2K${'\u001b[1A\u001b[2K'.repeat(statusLines - 1)}`);
    statusLines = 0;
  };
  return {
    colors: colorsFor(stdout, options.colorAllowed),
    progressColors: colorsFor(stderr, options.colorAllowed),
    live,
    clear,
    print(line) {
      clear();
      if (!options.json) stdout.write(`${line}\n`);
    },
    progress(line) {
      clear();
      if (!options.quiet) stderr.write(`${line}\n`);
    },
    get columns() {
      return stderr.columns || 80;
    },
    status(...lines) {
      if (!live) return;
      clear();
      stderr.write(lines.map((line) => line.slice(0, (stderr.columns || 80) - 1)).join('\n'));
      statusLines = lines.length;
    },
  };
}

/** A stream that is not a terminal has no `isTTY`, and picocolors takes undefined for "decide yourself": it then colors under CI. */
function colorsFor(stream: { isTTY?: boolean }, allowed: boolean): Colors {
  return picocolors.createColors(allowed && stream.isTTY === true);
}
