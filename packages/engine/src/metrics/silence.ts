import type { Tick } from '../measuring.js';

/** Whether what was sent is still answered. */
export interface Silence {
  add(tick: Tick): void;
  /** For how long nothing has been answered of what was sent, ms; 0: the newest was. */
  ms(): number;
  /** The most that was answered in one second. */
  answeredPerSecond(): number;
  /** The rate at which requests were sent when the silence began, a second. */
  sentPerSecond(): number;
  /** What the target may still work on, and how long that should take by what it answered so far, ms; Infinity: it answered nothing. */
  backlogMs(): number;
}

const SECOND_MS = 1_000;
/** What counts as its beginning: a rising rate is another one later. */
const AS_IT_BEGAN_MS = 500;

export function createSilence(): Silence {
  let sinceMs: number | null = null;
  let nowMs = 0;
  let outstanding = 0;
  let givenUp = 0;
  let all = 0;
  const answered = mostInASecond();
  let sent = { count: 0, ms: 0 };
  return {
    add(tick) {
      nowMs = tick.toMs;
      outstanding = tick.outstanding;
      const come = sum(tick, 'answered');
      all += come;
      givenUp += sum(tick, 'timedOut') + sum(tick, 'cutOff');
      const gone = sum(tick, 'sent');
      answered.add(come, tick);
      if (come > 0) {
        sinceMs = null;
        sent = { count: 0, ms: 0 };
      } else if (gone > 0 || tick.outstanding > 0) sinceMs ??= tick.fromMs;
      if (sinceMs !== null && sent.ms < AS_IT_BEGAN_MS)
        sent = { count: sent.count + gone, ms: sent.ms + tick.toMs - tick.fromMs };
    },
    ms: () => (sinceMs === null ? 0 : nowMs - sinceMs),
    answeredPerSecond: () => answered.most(),
    sentPerSecond: () => (sent.ms === 0 ? 0 : (sent.count / sent.ms) * SECOND_MS),
    backlogMs: () => (outstanding + givenUp === 0 ? 0 : ((outstanding + givenUp) * nowMs) / all),
  };
}

function sum({ parts }: Tick, what: 'answered' | 'sent' | 'timedOut' | 'cutOff'): number {
  return parts.reduce((total, { counts }) => total + counts[what], 0);
}

function mostInASecond(): { add(count: number, tick: Tick): void; most(): number } {
  let newest: { count: number; ms: number }[] = [];
  let most = 0;
  return {
    add(count, { fromMs, toMs }) {
      newest.push({ count, ms: toMs - fromMs });
      while (newest.length > 1 && newest.slice(1).reduce((all, { ms }) => all + ms, 0) >= SECOND_MS)
        newest = newest.slice(1);
      most = Math.max(
        most,
        newest.reduce((all, one) => all + one.count, 0),
      );
    },
    most: () => most,
  };
}
