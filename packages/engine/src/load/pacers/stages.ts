/** A stretch of a plan in which the rate goes in a straight line from one value to another. */
export interface Stage {
  durationMs: number;
  fromPerSecond: number;
  toPerSecond: number;
}

/**
 * The inverse of the rate's integral: a function from a number of requests to the time, in ms, at which that many are due.
 * After the last stage its end rate holds. Infinity when that many never come. Calls must not go back: the answer is found from the
 * stage of the last call on.
 */
export function createInverse(stages: readonly Stage[]): (count: number) => number {
  let index = 0;
  let startMs = 0;
  let startCount = 0;
  return (count) => {
    for (let stage = stages[index]; stage; stage = stages[++index]) {
      const inStage = ((stage.fromPerSecond + stage.toPerSecond) / 2 / 1_000) * stage.durationMs;
      // At the very count with which a stage ends, the request belongs to the next stage that sends anything.
      if (count - startCount < inStage) return startMs + timeInStage(stage, count - startCount);
      startCount += inStage;
      startMs += stage.durationMs;
    }
    const heldPerSecond = stages.at(-1)?.toPerSecond ?? 0;
    return heldPerSecond > 0 ? startMs + ((count - startCount) * 1_000) / heldPerSecond : Infinity;
  };
}

/** Solves count = f·t + s·t²/2 for t, in the form that does not cancel when the slope s is small. */
function timeInStage({ durationMs, fromPerSecond, toPerSecond }: Stage, count: number): number {
  const from = fromPerSecond / 1_000;
  const slope = (toPerSecond - fromPerSecond) / 1_000 / durationMs;
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * count));
  const sum = from + root;
  return sum === 0 ? 0 : Math.min(durationMs, (2 * count) / sum);
}

/** The number of requests that the stages' rate comes to before `endMs`: its integral. */
export function plannedRequests(stages: readonly Stage[], endMs: number): number {
  let count = 0;
  let startMs = 0;
  for (const { durationMs, fromPerSecond, toPerSecond } of stages) {
    const spanMs = Math.min(durationMs, Math.max(0, endMs - startMs));
    const endPerSecond = fromPerSecond + ((toPerSecond - fromPerSecond) * spanMs) / durationMs;
    count += ((fromPerSecond + endPerSecond) / 2 / 1_000) * spanMs;
    startMs += durationMs;
  }
  return count + ((stages.at(-1)?.toPerSecond ?? 0) / 1_000) * Math.max(0, endMs - startMs);
}
