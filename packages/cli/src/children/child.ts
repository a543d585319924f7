import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A process that lives and dies with this one. */
export interface Child {
  pid: number;
  /** Resolves when it has ended, with what it last wrote to stderr. */
  ended: Promise<{ code: number | null; lastWords: string }>;
  /** The first line it prints, or null when it ends without one. */
  firstLine: Promise<string | null>;
  /** Asks it to end, insists after a second, resolves when it is gone. */
  stop(): Promise<void>;
}

const KILL_AFTER_MS = 1_000;
const LAST_WORDS = 4_000;
/**
 * Runs first in every child: the channel to the parent closes whenever the parent ends, even by kill -9, and the child then
 * ends too.
 */
const FOLLOW_PARENT = "data:text/javascript,process.once('disconnect',()=>process.exit())";

/** Starts a Node script as a child. It is in a group of its own, so that Ctrl-C reaches it only through its parent. */
export function startChild(
  script: string,
  args: readonly string[],
  options: { cwd?: string; env: NodeJS.ProcessEnv },
): Child {
  const child = spawn(process.execPath, ['--import', FOLLOW_PARENT, script, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  }) as ChildProcessByStdio<null, Readable, Readable>;
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-LAST_WORDS)));
  const ended = new Promise<{ code: number | null; lastWords: string }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, lastWords: error.message }));
    child.once('close', (code) => resolve({ code, lastWords: lastWords.trim() }));
  });
  const lines = createInterface({ input: child.stdout });
  const firstLine = new Promise<string | null>((resolve) => {
    lines.once('line', resolve);
    void ended.then(() => resolve(null));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    firstLine,
    async stop() {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(insist);
    },
  };
}
