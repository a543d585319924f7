import type { Measurement } from '@hive/contract';

/** Good answers a second over several measurements together; null when nothing was measured. */
export function throughputOf(measured: readonly Measurement[]): number | null {
  const good = measured.reduce((sum, { counts }) => sum + counts.good, 0);
  const seconds = measured.reduce((sum, measurement) => sum + answeringSeconds(measurement), 0);
  return seconds === 0 ? null : good / seconds;
}

/** The time in which a measurement's good answers came: longer than planned where a line of requests drained after the end. */
function answeringSeconds({ counts, durationMs, throughputPerSecond }: Measurement): number {
  return throughputPerSecond > 0 ? counts.good / throughputPerSecond : durationMs / 1_000;
}
