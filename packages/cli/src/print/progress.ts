import type { Terminal } from './terminal.js';

const LOOK_EVERY_MS = 1_000;
/** Where lines stay, something that takes long is mentioned again after this time. */
const AGAIN_AFTER_MS = 10_000;
/** Nobody has to wait longer to learn what is being done. */
const SILENT_AT_MOST_MS = 2_000;

/** Says what is being done while nothing else is said. */
export interface Progress {
  /** Says it at once: what follows may keep this thread busy for seconds. */
  begin(what: string): void;
  /** Says it when it takes longer than two seconds. */
  doing(what: string): void;
  /** Something else was said just now. */
  told(): void;
  close(): void;
}

/** On a terminal, one line that is rewritten each second; elsewhere a line at first and one every ten seconds. */
export function createProgress(terminal: Pick<Terminal, 'live' | 'progress' | 'status'>): Progress {
  let what = '';
  let sinceMs = performance.now();
  let toldAtMs = sinceMs;
  let isRepeated = false;

  function say(): void {
    const nowMs = performance.now();
    const seconds = Math.floor((nowMs - sinceMs) / 1_000);
    const text = `hive: ${what}${seconds >= 1 ? ` … ${seconds} s` : ' …'}`;
    if (terminal.live) terminal.status(text);
    else terminal.progress(text);
    toldAtMs = nowMs;
  }

  const looking = setInterval(() => {
    const silentMs = performance.now() - toldAtMs;
    const due = terminal.live ? LOOK_EVERY_MS : isRepeated ? AGAIN_AFTER_MS : SILENT_AT_MOST_MS;
    if (what === '' || silentMs < due - LOOK_EVERY_MS / 2) return;
    say();
    isRepeated = true;
  }, LOOK_EVERY_MS).unref();

  function doing(next: string): void {
    what = next;
    sinceMs = performance.now();
    isRepeated = false;
  }

  return {
    doing,
    begin(next) {
      doing(next);
      say();
    },
    told() {
      toldAtMs = performance.now();
    },
    close: () => clearInterval(looking),
  };
}
