import type { ErrorKind } from '@hive/contract';
import type { Exchange, TickExample, TickPart } from '../measuring.js';

/** Ways of going wrong that are reported for one part of a run; others are only counted. */
export const MOST_EXAMPLES = 20;
/** What is kept of one text, characters. */
const MOST_CHARACTERS = 300;
/** What a text of a kind is called that says nothing but its kind. */
const STATUS_TEXTS = Array.from({ length: 1_000 }, (_, status) => String(status));

/** Counts one request that went wrong; allocates only for what is new. */
export function noteExample(examples: TickExample[], exchange: Exchange, kind: ErrorKind): void {
  const { detail, status, requestClass, node } = exchange;
  if (detail === null) return;
  const isOfStatus = kind === 'http_4xx' || kind === 'http_5xx' || kind === 'unexpected_status';
  const hasDetail = kind !== 'timeout';
  const code = isOfStatus ? STATUS_TEXTS[status]! : hasDetail ? detail.code : kind;
  for (const known of examples) {
    if (known.code !== code || known.kind !== kind) continue;
    known.count += 1;
    return;
  }
  if (examples.length >= MOST_EXAMPLES) return;
  const inWords = isOfStatus || !hasDetail ? null : clip(detail.inWords());
  const came = hasDetail ? clip(detail.came()) : null;
  examples.push({ kind, code, inWords, came, requestClass, node, count: 1 });
}

/** Those of several stretches of time, or of several generators, as one list; the first of each way is told. */
export function joinExamples(...several: readonly (readonly TickExample[] | undefined)[]): TickExample[] {
  const joined: TickExample[] = [];
  for (const example of several.flatMap((examples) => examples ?? [])) {
    const known = joined.find(({ kind, code }) => kind === example.kind && code === example.code);
    if (known !== undefined) {
      known.count += example.count;
      known.came ??= example.came;
    } else if (joined.length < MOST_EXAMPLES) joined.push({ ...example });
  }
  return joined;
}

/** Answers by status, without those that nothing had. */
export function statusesOf(counts: Uint32Array): Pick<TickPart, 'statuses'> {
  const statuses: Record<string, number> = {};
  // A simulated answer has no status.
  for (let status = 1; status < counts.length; status++)
    if (counts[status]! > 0) statuses[STATUS_TEXTS[status]!] = counts[status]!;
  return Object.keys(statuses).length === 0 ? {} : { statuses };
}

function clip(text: string | null): string | null {
  return text === null ? null : text.slice(0, MOST_CHARACTERS);
}
