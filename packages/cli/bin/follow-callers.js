// Imported for its effect: asks this process to end when one that waits for it is gone. npm passes signals on to the shell between it and us
// only, which dies of them and leaves us; of kill -9 nobody tells. All this is known from /proc: without it nobody is followed.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const LOOK_EVERY_MS = 250;
const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'ash', 'ksh']);
/** `&`, but not `&&`, `>&` and `&>`: such a shell may go while what it started stays. */
const IN_BACKGROUND = /(?<![&>])&(?![&>])|\b(nohup|setsid|disown|coproc|eval|source)\b|(?:^|[;&|]\s*)\.\s/;
/** An `&` in an address is none of the shell's. */
const QUOTED = /'[^']*'|"[^"]*"/g;

const callers = [];
for (let pid = process.ppid; pid > 1 && waitsForItsChild(pid); pid = parentOf(pid)) callers.push(pid);

if (callers.length > 0) {
  const looking = setInterval(() => {
    if (!callers.some((pid, index) => hasLeft(pid, callers[index - 1]))) return;
    clearInterval(looking);
    process.kill(process.pid, 'SIGHUP');
  }, LOOK_EVERY_MS).unref();
}

/** npm does, and so does a shell that runs a command (`sh -c`), unless it may have put it into the background. */
function waitsForItsChild(pid) {
  const [program, ...args] = (read(pid, 'cmdline') ?? '').split('\0');
  if (/^npm\b/.test(program)) return true;
  const at = args.findIndex((arg) => !/^[-+]|^pipefail$/.test(arg));
  return (
    SHELLS.has(basename(program)) &&
    /^-[a-z]*c$/.test(args[at - 1]) &&
    !IN_BACKGROUND.test(args[at].replace(QUOTED, ''))
  );
}

/** Whether the parent of a process, of this one when none is given, is another by now. */
function hasLeft(parent, child) {
  const now = child === undefined ? process.ppid : parentOf(child);
  return now !== null && now !== parent;
}

/** 0 when there is no such process, null when it cannot be told, such as for want of file descriptors. */
function parentOf(pid) {
  const stat = read(pid, 'stat');
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch ({ code }) {
    return code === 'ENOENT' || code === 'ESRCH' ? '' : null;
  }
}
