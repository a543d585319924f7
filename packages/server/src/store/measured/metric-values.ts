import type { MetricType, Window } from '@hive/contract';

/**
 * The rows of `performance_metrics` that one kept window gives, each in the unit of METRIC_UNITS. What the window did not measure
 * (a percentile of no answers, a rate of no ends) has no row.
 */
export function metricValues(window: Window): [MetricType, number][] {
  const { counts } = window;
  const latencies: [MetricType, number][] =
    window.responseTimeMs.count === 0
      ? []
      : [
          ['response_time_p50', window.responseTimeMs.p50],
          ['response_time_p95', window.responseTimeMs.p95],
          ['response_time_p99', window.responseTimeMs.p99],
          ['waiting_mean', window.waitingMs],
        ];
  const service: [MetricType, number][] =
    window.serviceTimeMs.count === 0 ? [] : [['service_time_p99', window.serviceTimeMs.p99]];
  const ended = counts.answered + counts.failed + counts.timedOut + counts.cutOff;
  const errors: [MetricType, number][] = ended === 0 ? [] : [['error_rate', 1 - counts.good / ended]];
  const values: [MetricType, number][] = [
    ...latencies,
    ...service,
    ...errors,
    ['throughput', window.throughputPerSecond],
    ['offered_rate', window.offeredPerSecond],
    ['connections', window.connections],
    ['outstanding', window.outstanding],
    ['bytes_in', window.bytesIn],
    ['bytes_out', window.bytesOut],
    ['generator_lag', window.latenessP99Ms],
    ['generator_busy', window.generatorBusy],
  ];
  return values.filter(([, value]) => Number.isFinite(value));
}
