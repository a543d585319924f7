import type { ServiceCheck } from '@hive/contract';

/** Fewer targets that fail at once may be their own fault. */
const LEAST_TARGETS = 3;

/** Whether it is rather Hive that reaches nothing: of three targets or more, every newest check failed, none of them on this machine. */
export function isCutOff(newest: readonly ServiceCheck[], isLocal: (target: string) => boolean): boolean {
  const asked = newest.filter(({ result }) => result === 'pass' || result === 'degraded' || result === 'fail');
  const remote = asked.filter(({ target }) => !isLocal(target));
  return remote.length >= LEAST_TARGETS && remote.every(({ result }) => result === 'fail');
}
