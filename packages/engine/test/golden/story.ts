import { createHash } from 'node:crypto';
import type { Limit, ScenarioResult } from '@hive/contract';
import { mergeLatency } from '../../src/metrics/collector.js';
import type { TrainingEvent } from '../../src/execution/events.js';

/**
 * The events of a session as lines that can be kept: one for each scenario and what it taught, with a digest of every event in full.
 * What was planned is left out: it is no part of what happened. Ids are numbered; figures have nine significant digits, since the last ones differ between machines.
 */
export function storyOf(told: readonly TrainingEvent[]): string {
  const events = told.filter(({ type }) => type !== 'planned');
  const plain = normalizer();
  const lines: string[] = [];
  let digest = createHash('sha256');
  let words: string[] = [];
  for (const event of events) {
    digest.update(plain(event));
    if (event.type === 'scenario_chosen') {
      const { intensity, unit, plan } = event.scenario;
      words = [`${rounded(intensity)} ${unit} for ${rounded(plan.durationMs / 1_000)} s`];
    } else if (event.type === 'scenario_completed') words.push(...resultWords(event.result));
    else if (event.type === 'limit_updated') {
      lines.push([...words, limitWords(event.limit), hashed(digest)].join(' | '));
      digest = createHash('sha256');
    } else if (event.type === 'alert') lines.push(`alert: ${event.text}`);
    else if (event.type === 'ended') {
      lines.push(...event.limits.map((limit) => `ended | ${limitWords(limit)} | ${limit.reason ?? 'no reason'}`));
      lines.push(`ended | ${event.reason} | ${events.length} events | ${hashed(digest)}`);
    }
  }
  return lines.join('\n');
}

/** Anything as canonical JSON: keys in order, figures rounded, ids numbered, histograms by what they say. */
export function normalizer(): (value: unknown) => string {
  const ids = new Map<string, string>();
  const simple = (value: unknown): unknown => {
    if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(9)) : String(value);
    if (typeof value === 'string' && value.startsWith('scn_')) {
      if (!ids.has(value)) ids.set(value, `scn_${ids.size + 1}`);
      return ids.get(value);
    }
    if (value instanceof Uint8Array) return simple(mergeLatency([value]));
    if (Array.isArray(value)) return value.map(simple);
    if (typeof value !== 'object' || value === null) return value;
    const known = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(
      known.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, simple(inner)]),
    );
  };
  return (value) => JSON.stringify(simple(value));
}

function resultWords({ verdict, validity, reason, findings = [] }: ScenarioResult): string[] {
  return [validity.status === 'valid' ? verdict : `${verdict} (${validity.status})`, [reason, ...findings].join('; ')];
}

function limitWords({ kind, status, low, high, estimate, safe, binding }: Limit): string {
  const [from, to, at, below] = [low, high, estimate, safe].map((value) => (value === null ? '?' : rounded(value)));
  return `${kind} ${status} ${from} to ${to}, estimate ${at}, safe ${below}, binding ${binding ?? 'none'}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function hashed(digest: ReturnType<typeof createHash>): string {
  return digest.digest('hex').slice(0, 16);
}
