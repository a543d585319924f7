import { defaultSafety, type TargetInput } from '@hive/contract';
import { Document, isMap, isScalar, isSeq, Scalar, visit } from 'yaml';
import type { Imported } from '../imported.js';

export interface WriteOptions {
  /** What the file was made from, such as `openapi.yaml`; null for a file that a person begins. */
  source: string | null;
}

/**
 * Writes a hive.yaml with comments that say what each part does. `readTargetFile` reads the given target from it, with the default
 * objectives and caps spelled out where it has none.
 */
export function writeTargetFile(
  { target, comments = {} }: Pick<Imported, 'target'> & Partial<Imported>,
  { source }: WriteOptions,
): string {
  const { requests, ...rest } = target;
  const parts = [
    HEAD(source),
    yaml({ ...rest }),
    OBJECTIVES(target),
    requests === undefined ? '' : `${REQUESTS}\n${requestsYaml(requests, comments)}`,
    SAFETY(target),
    MORE(target),
  ];
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

const HEAD = (source: string | null): string => `# What Hive tests: hive train hive.yaml
${source === null ? '' : `# Made from ${source.replace(/\p{Cc}/gu, ' ')}: review it before you rely on it.\n`}# \${NAME} is filled in from the environment when a request is sent, and is never stored; \${NAME:-text} has a default;
# $\${ is a literal \${.
`;

const OBJECTIVES = ({ objectives }: TargetInput): string =>
  objectives === undefined
    ? `
# Objectives: p(99)<250 (ms), p(95)<=200 for 10s, avg<80, rate<0.01 (share of errors), throughput>=100 (answers/s).
objectives:
  - p(99)<250
  - rate<0.01
`
    : '';

const REQUESTS = `
# Requests, drawn by weight. {key} in a path is replaced by a key drawn as keys says.`;

const SAFETY = ({ safety, url, nodes }: TargetInput): string => {
  if (safety !== undefined) return '';
  const { environment, ...usual } = defaultSafety(url === undefined ? (nodes ?? []) : [{ url }]);
  return `
safety:
  # local, staging or production. On production only hive verify is allowed, and nothing is written.
  environment: ${environment}
  # Requests other than GET, HEAD and OPTIONS are sent only if this is true.
  allowWrites: false
  # Overload on purpose is always allowed on this machine, and elsewhere only if this is true.
  allowOverload: false
  maxRatePerSecond: ${usual.maxRatePerSecond}
  maxConnections: ${usual.maxConnections}
  # Seconds of one run.
  maxSeconds: ${usual.maxSeconds}
  # Of one session: error answers and requests without an answer.
  # maxBadRequests: ${usual.maxBadRequests ?? 500}
  # When sessions may run, and what ends them when it is bad.
  # hours: ['Mon-Fr 20:00-06:00 Europe/Berlin']
  # guards:
  #   - url: https://example.org/health
  #   - prometheus: http://127.0.0.1:9090
  #     query: sum(rate(http_errors_total[1m]))
  #     above: 5
`;
};

const MORE = ({ dependencies, traffic, watch }: TargetInput): string => {
  const offers = [
    `# Headers of every request.
# headers:
#   authorization: Bearer \${TOKEN}
`,
    ...(watch === undefined
      ? [
          `# Memory and CPU of the service: memory_optimization needs one of these.
# watch:
#   pid: 12345
#   prometheus: http://127.0.0.1:9090/metrics
`,
        ]
      : []),
    ...(dependencies === undefined
      ? [
          `# Services that this one calls through a fault proxy (hive proxy): fault_tolerance and network_latency use them.
# dependencies:
#   - name: database
#     address: 127.0.0.1:5432
#     proxy: http://127.0.0.1:8474
`,
        ]
      : []),
    ...(traffic === undefined
      ? [
          `# Requests/s at peak, or where Prometheus knows them: hive limits compares them with the safe rate.
# traffic: 220
# traffic:
#   prometheus: http://127.0.0.1:9090
#   query: sum(rate(http_requests_total[1m]))
`,
        ]
      : []),
    `# Defaults of the commands; options on the command line override them.
# train:
#   kinds: [load_balancing, concurrent_requests]
#   budget: 2m
#   expect: ['load_balancing>=500']
# run:
#   rate: 100/s
#   duration: 30s
`,
  ];
  return `\n${offers.join('\n')}`;
};

function requestsYaml(
  requests: NonNullable<TargetInput['requests']>,
  comments: Readonly<Record<string, string>>,
): string {
  const document = documentOf({ requests });
  const list = document.get('requests', true);
  for (const item of isSeq(list) ? list.items : []) {
    if (!isMap(item)) continue;
    const name: unknown = item.get('name');
    const comment = typeof name === 'string' && Object.hasOwn(comments, name) ? comments[name] : undefined;
    const first: unknown = item.items[0]?.key;
    if (comment !== undefined && isScalar(first)) item.commentBefore = ` ${comment.replace(/\p{Cc}/gu, ' ')}`;
    for (const key of ['keys', 'expect']) {
      const value: unknown = item.get(key, true);
      if (isMap(value) || isSeq(value)) value.flow = true;
    }
  }
  return document.toString(LAYOUT);
}

const LAYOUT = { lineWidth: 0, flowCollectionPadding: true } as const;

function yaml(value: object): string {
  return Object.keys(value).length === 0 ? '' : documentOf(value).toString(LAYOUT);
}

/** Spaces and control characters beyond the plain ones, and spaces at an end: a text with them is quoted and escaped. */
const UNPLAIN = /[^\P{Z} ]|[^\P{C}\n]|^\s|\s$/u;

function documentOf(value: object): Document {
  const document = new Document(value);
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && UNPLAIN.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document;
}
