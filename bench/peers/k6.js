// k6, run by k6 itself: closed (CPU), at a constant rate with few connections (freeze), or as a breakpoint test (limit).
import http from 'k6/http';

const { MODE, TARGET, SECONDS, CONNECTIONS, RATE } = __ENV;
const connections = Number(CONNECTIONS);
const abort = (threshold) => [{ threshold, abortOnFail: true }];

const MODES = {
  closed: { scenarios: { all: { executor: 'constant-vus', vus: connections, duration: `${SECONDS}s` } } },
  rate: {
    scenarios: {
      all: {
        executor: 'constant-arrival-rate',
        rate: Number(RATE),
        duration: `${SECONDS}s`,
        preAllocatedVUs: connections,
        maxVUs: connections,
      },
    },
  },
  // As k6 documents a breakpoint test: the rate rises until a threshold stops the test.
  ramp: {
    scenarios: {
      all: {
        executor: 'ramping-arrival-rate',
        startRate: 1,
        stages: [{ target: Number(RATE), duration: `${SECONDS}s` }],
        preAllocatedVUs: connections,
        maxVUs: connections,
      },
    },
    thresholds: { http_req_duration: abort('p(99)<250'), http_req_failed: abort('rate<0.01') },
  },
};

export const options = { ...MODES[MODE], discardResponseBodies: true, summaryTrendStats: ['p(50)', 'p(99)'] };

export default function () {
  http.get(TARGET);
}

export function handleSummary({ metrics, state }) {
  const told = {
    requests: metrics.http_reqs.values.count,
    p99Ms: metrics.http_req_duration.values['p(99)'],
    dropped: metrics.dropped_iterations ? metrics.dropped_iterations.values.count : 0,
    durationMs: state.testRunDurationMs,
  };
  return { stdout: JSON.stringify(told) };
}
