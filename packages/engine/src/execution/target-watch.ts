import type { Target } from '@hive/contract';
import type { Clock } from '../clock.js';
import { lostOf } from '../judging/clauses.js';
import type { Stretch } from '../judging/facts.js';
import type { WatchSample } from '../watching/sample.js';
import { whatMovedFirst } from '../watching/what-moved-first.js';
import type { Outside } from './outside.js';

const LOOK_MS = 1_000;
/** Looks before the load, so that there is a rest to compare with. */
const RESTING_LOOKS = 4;
const RESTING_LOOK_MS = 150;
/** Hints beyond these would be read by nobody. */
const MOST_HINTS = 3;
/** A stretch with more than this share of bad requests shows that the objectives broke there. */
const BROKEN_SHARE = 0.05;

/** What was seen of the target itself, and why not everything could be. */
export interface Watched {
  samples: readonly WatchSample[];
  troubles: readonly string[];
}

/** Looks at the target itself while a scenario runs. */
export interface TargetWatch {
  /** Looks at the target before the load begins; at once when there is nothing to watch. */
  rest(): Promise<void>;
  /** Looks when a second has passed, `nowMs` since the first planned send; does not wait for the answer. */
  follow(nowMs: number): void;
  /** What was seen so far. */
  seen(): Watched;
  /** The newest values, as a window shows them. */
  newest(): { watched?: Record<string, number> };
  /** Ends the look that is under way. */
  close(): Promise<void>;
}

/** Watches what a target's description names: a process, a page of metrics, or both. */
export function watchTarget(from: {
  target: Target;
  clock: Clock;
  allowTargets: readonly string[];
  outside: Pick<Outside, 'createWatch'>;
}): TargetWatch {
  const { target, clock, allowTargets, outside } = from;
  const { watch: wanted } = target;
  const watch =
    wanted === null
      ? null
      : outside.createWatch({
          ...(wanted.pid === undefined ? {} : { pid: wanted.pid }),
          ...(wanted.prometheus === undefined ? {} : { prometheus: wanted.prometheus }),
          series: wanted.series,
          insecure: target.insecure,
          clock,
          allowTargets,
        });
  const samples: WatchSample[] = [];
  const troubles = new Set<string>();
  let pending: Promise<void> | null = null;
  let lookedAtMs = -Infinity;

  async function look(atMs: number): Promise<void> {
    const sample = await watch?.sample(atMs);
    if (sample === undefined) return;
    for (const problem of sample.problems) troubles.add(problem);
    // Also one without values: the newest look is shown, and that may be a gap.
    samples.push(sample);
  }

  return {
    async rest() {
      if (watch === null) return;
      for (let number = RESTING_LOOKS; number > 0; number--) {
        await look(-number * RESTING_LOOK_MS);
        await clock.sleep(RESTING_LOOK_MS);
      }
    },
    follow(nowMs) {
      if (watch === null || nowMs - lookedAtMs < LOOK_MS - 1 || pending !== null) return;
      lookedAtMs = nowMs;
      pending = look(nowMs).finally(() => {
        pending = null;
      });
    },
    seen: () => ({ samples, troubles: [...troubles] }),
    newest() {
      const values = samples.at(-1)?.values ?? {};
      return Object.keys(values).length === 0 ? {} : { watched: { ...values } };
    },
    async close() {
      watch?.close();
      await pending;
    },
  };
}

/** Why something could not be read, in words. */
export function whatWasNotRead({ troubles }: Watched): string[] {
  return troubles.slice(0, 1).map((trouble) => `not everything could be read: ${trouble}`);
}

/** What moved first, as hints in words. */
export function whatMoved({ samples }: Watched, stretches: readonly Stretch[]): string[] {
  const moments = { restUntilMs: 0, loadFromMs: 0, failedAtMs: brokenAt(stretches) };
  const moved = whatMovedFirst(samples, moments).slice(0, MOST_HINTS);
  return moved.map(({ sentence }, index) => `${index === 0 ? 'moved first: ' : 'then: '}${sentence}`);
}

function brokenAt(stretches: readonly Stretch[]): number | null {
  const broken = stretches.find(
    ({ bad, counts }) => counts.planned > 0 && Math.max(lostOf(counts), ...bad) > BROKEN_SHARE * counts.planned,
  );
  return broken === undefined ? null : broken.endMs - broken.seconds * 1_000;
}
