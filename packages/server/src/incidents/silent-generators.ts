import type { LoadGenerator, Rule } from '@hive/contract';
import type { Observation } from './judge-rule.js';

/** A restart takes less. */
const SILENT_MS = 60_000;

/** Since when each load generator was not heard, or could not take part: what one look leaves to the next. */
export type SilentSince = Map<string, number>;

/** Notes who is silent now. Who was revoked, or never joined, is nobody's loss. */
export function noteSilent(generators: readonly LoadGenerator[], since: SilentSince, nowMs: number): void {
  const silent = new Set(generators.filter(isSilent).map(({ name }) => name));
  for (const name of since.keys()) if (!silent.has(name)) since.delete(name);
  for (const name of silent) if (!since.has(name)) since.set(name, nowMs);
}

/** Whether a rule is about this load generator. */
export function isAbout({ when }: Rule, { joined, region }: LoadGenerator): boolean {
  return when.type === 'load_generators' && joined && (when.region === undefined || when.region === region);
}

/** What the incidents of a rule about load generators are kept under, before the name of each. */
export function keyOfGenerators({ id }: Pick<Rule, 'id'>): string {
  return `${id}/load-generator/`;
}

/** A rule is about this one no longer: it was revoked, or has joined in another region since. */
export function generatorLeft(name: string, nowMs: number): Observation {
  const at = new Date(nowMs).toISOString();
  const summary = `load generator ${name} left`;
  return { at, since: at, sign: 'good', summary, observed: null, allowed: null, trust: null };
}

/** What a load generator says to a rule about it. While it was silent for less than a minute, nothing. */
export function judgeGenerator(one: LoadGenerator, since: SilentSince, nowMs: number): Observation {
  const sinceMs = since.get(one.name);
  const at = new Date(nowMs).toISOString();
  const name = one.region === null ? one.name : `${one.name} in ${one.region}`;
  const bad = sinceMs !== undefined && nowMs - sinceMs >= SILENT_MS;
  return {
    at,
    since: new Date(sinceMs ?? nowMs).toISOString(),
    sign: bad ? 'bad' : sinceMs === undefined ? 'good' : 'none',
    summary: sinceMs === undefined ? `load generator ${name} is there` : `load generator ${name} ${whyOf(one)}`,
    observed: null,
    allowed: null,
    trust: null,
  };
}

function isSilent({ joined, state }: LoadGenerator): boolean {
  return joined && (state === 'stale' || state === 'never_seen' || state === 'incompatible');
}

function whyOf({ state, version }: LoadGenerator): string {
  return state === 'incompatible' ? `has version ${version}, which this Hive does not lead` : 'is not heard';
}
