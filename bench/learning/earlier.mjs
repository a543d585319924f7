/**
 * What was published before the figures came from `train()`: a session that was written for the benchmark, against the same services and true limits.
 * 200 sessions a service with seeds from 3001; 20 for the searches without a belief. `[seconds, 90 %, holds, within 5 %, misses, fails]`.
 */
export const SERVICES_EARLIER = {
  'm/m/8': [96, 160, 199, 199, 1, 0],
  'heavy tail, floor': [88, 143, 199, 200, 1, 0],
  'token bucket': [76, 96, 200, 200, 0, 0],
  'processor sharing, retrograde': [85, 129, 197, 198, 3, 1],
  'gc pauses': [162, 413, 184, 185, 13, 6],
  'noisy neighbour': [212, 473, 190, 189, 6, 7],
  bimodal: [95, 149, 198, 200, 2, 0],
  'fast, 2,600/s': [64, 99, 198, 200, 2, 0],
  'connection-limited': [79, 98, 200, 200, 0, 0],
  'jit warm-up': [232, 363, 200, 200, 0, 0],
  'slow drift': [188, 588, 123, 123, 60, 19],
  '20 requests/s': [593, 598, 191, 181, 3, 13],
  '-30 % at 30 s': [208, 433, 197, 199, 2, 0],
  autoscaler: [146, 247, 196, 195, 3, 1],
  'errors only': [88, 135, 199, 200, 1, 0],
  mean: [73, null, 197, 200, null, null],
  'mean of a heavy tail': [81, null, 198, 200, null, null],
  'two clauses': [106, 243, 193, 199, 7, 0],
};
export const SESSIONS_EARLIER = 200;

/** `[seconds, 90 %, holds, within 5 %, within 10 %]`, the shares in per cent, of 180 sessions with the nine regular services. */
export const SEARCHES_EARLIER = {
  mlr: [123, 169, 69.4, 91.1, 98.3],
  'bisect-30': [240, 290, 77.2, 81.7, 98.3],
  'bisect-10': [97, 113, 75, 75.6, 95.6],
  aimd: [223, 406, 89.4, 44.4, 72.8],
  'linear-10': [257, 319, 52.2, 85, 96.1],
};
export const SEARCHED_EARLIER = 180;

/** Of the other tables: `[holds, of]`; of predictions `[failed, runs]` and shares inside the band. */
export const OTHERS_EARLIER = {
  'intervals that contain the limit, second session, unchanged': [156, 160],
  'the same, slower': [155, 160],
  'runs that fail, of those predicted to by half': [Math.round(0.543 * 3060), 3060],
};
