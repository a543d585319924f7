import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where people read: results on stdout, progress on stderr. */
export interface Terminal {
  /** Colours of what is written to stdout. */
  colors: Colors;
  /** Colours of what is written to stderr. */
  progressColors: Colors;
  /** True when progress may rewrite its last line. */
  live: boolean;
  /** A line of the result. */
  print(line: string): void;
  /** A line of progress that stays. */
  progress(line: string): void;
  /** The one line that is rewritten; nothing where progress is no terminal. */
  status(line: string): void;
  /** Takes the rewritten line away. */
  clear(): void;
}

/** `quiet` silences progress; `json` also the printed result, so that stdout holds the machine's output alone. */
export function createTerminal(options: { colorAllowed: boolean; json: boolean; quiet: boolean }): Terminal {
  const { stdout, stderr } = process;
  const live = stderr.isTTY && !options.quiet;
  let statusShown = false;
  const clear = (): void => {
    if (statusShown) stderr.write('\r\u001b[2K');
    statusShown = false;
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
    status(line) {
      if (!live) return;
      clear();
      stderr.write(line.slice(0, (stderr.columns || 80) - 1));
      statusShown = true;
    },
  };
}

/** A stream that is no terminal has no `isTTY`, and picocolors takes undefined for "decide yourself": it then colours under CI. */
function colorsFor(stream: { isTTY?: boolean }, allowed: boolean): Colors {
  return picocolors.createColors(allowed && stream.isTTY === true);
}
