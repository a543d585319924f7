// What the machine did beside a benchmark: other work on it spoils figures, and must be seen.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** CPU seconds the whole machine has worked since it started (100 ticks a second on Linux). */
function machineSeconds() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / 100;
}

/** CPU seconds a running process has used. */
export function cpuSecondsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A run beside which others took more than this share of one core is made again. */
const MOST_OTHERS = 0.1;
/** So often at most, and so long is a quiet second waited for: a machine that is never quiet gives figures too, and they say so. */
const MOST_ATTEMPTS = 20;
const MOST_WAIT_SECONDS = 60;

/**
 * Runs `one`, which resolves with what it saw and the CPU seconds of its own, until the machine had nothing else to do meanwhile. Hands each attempt
 * to `seen`, the one that counts with `true`.
 */
export async function undisturbed(one, seen) {
  for (let attempt = 1; ; attempt++) {
    await quietSecond();
    const startedAt = performance.now();
    const before = machineSeconds();
    const { ownSeconds, ...run } = await one();
    const wallSeconds = (performance.now() - startedAt) / 1_000;
    const others = Math.max(0, machineSeconds() - before - ownSeconds) / wallSeconds;
    const last = others <= MOST_OTHERS || attempt === MOST_ATTEMPTS;
    seen({ ...run, others }, last);
    if (last) return;
  }
}

async function quietSecond() {
  for (let seconds = 0; seconds < MOST_WAIT_SECONDS; seconds++) {
    const before = machineSeconds();
    await sleep(1_000);
    if (machineSeconds() - before <= MOST_OTHERS) return;
  }
}
