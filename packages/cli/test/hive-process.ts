import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../bin/hive.js', import.meta.url));
const HOST = fileURLToPath(new URL('hosting.mjs', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface HiveProcess {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves with all output so far when it matches; rejects when the process ends first. */
  prints(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<string>;
}

const { HIVE_ALLOW_TARGETS: _, HIVE_TOKEN: __, DATABASE_URL: ___, REDIS_URL: ____, ...CLEAN } = process.env;

/** Starts the built command as a user would, with nothing of the test's own environment that decides what it does. */
export function startHive(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
  input?: Uint8Array,
): HiveProcess {
  return startProgram([process.execPath, BIN, ...args], { env, cwd, input });
}

/** What {@link startHive} starts, as `through` starts other programs, such as `ip netns exec NAME`. */
export function startHiveThrough(
  through: readonly string[],
  args: readonly string[],
  env: Record<string, string>,
): HiveProcess {
  return startProgram([...through, process.execPath, BIN, ...args], { env });
}

function startProgram(
  [program = '', ...args]: readonly string[],
  { env, cwd, input }: { env: Record<string, string>; cwd?: string | undefined; input?: Uint8Array | undefined },
): HiveProcess {
  const child = spawn(program, args, {
    cwd,
    env: { ...CLEAN, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  }) as ChildProcess & { stdout: Readable; stderr: Readable };
  child.stdin?.on('error', () => undefined).end(input);
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const check of watchers) check();
    });
  }
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...output })));
  return {
    child,
    ended,
    prints: (stream, pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!pattern.test(output[stream])) return;
          watchers.delete(check);
          resolve(output[stream]);
        };
        watchers.add(check);
        check();
        void ended.then(({ code }) => reject(new Error(`ended with ${code}: ${output.stderr}`)));
      }),
  };
}

export async function hive(args: readonly string[], env?: Record<string, string>, cwd?: string): Promise<Ended> {
  return startHive(args, env, cwd).ended;
}

let host: ChildProcess | undefined;

/**
 * What the command says and how it would end, from a process that has loaded it already: a tenth of the time. For what is refused or
 * explained before anything is started, one after another; that the code is the process's own is tested with {@link hive}.
 */
export async function hiveHosted(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  if (host === undefined) {
    host = fork(HOST, { env: CLEAN, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    // It ends with its channel; nobody waits for it.
    host.unref();
    host.channel?.unref();
  }
  host.channel?.ref();
  host.send({ args, env });
  const [ended] = (await once(host, 'message')) as [Ended];
  host.channel?.unref();
  return ended;
}

/** False once a process is gone; one that nobody has buried yet counts as gone. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
