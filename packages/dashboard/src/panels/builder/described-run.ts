import { type CreateScenario, type Kind, type Limit, type Regions, type ScenarioPreview } from '@hive/contract';
import { isRegions } from '../regions-choice';

export type AskedFault = NonNullable<CreateScenario['faults']>[number];

/** A run as the builder's address holds it; null: as the kind has it. */
export interface DescribedRun {
  target: string;
  kind: Kind;
  load: number;
  seconds: number | null;
  faults: readonly AskedFault[];
  /** Who sends the load; null: as the target says. */
  regions: Regions | 'here' | null;
}

/** As far as it is a list of faults with a type. */
export function asFaults(value: unknown): AskedFault[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is AskedFault => typeof (one as AskedFault | null)?.type === 'string');
}

/** As far as it says who sends load; null: it does not. */
export function asRegions(value: unknown): DescribedRun['regions'] {
  return value === 'here' || isRegions(value) ? value : null;
}

/** The same as `POST /api/scenarios` takes it. */
export function bodyOf({ target, kind, load, seconds, faults, regions }: DescribedRun): CreateScenario {
  return {
    target,
    kind,
    intensity: load,
    ...(seconds === null ? {} : { durationSeconds: seconds }),
    ...(faults.length === 0 ? {} : { faults: [...faults] }),
    ...(regions === null ? {} : { regions }),
  };
}

/** What the slider covers, and how its places are loads. */
export interface Range {
  least: number;
  most: number;
  unit: string;
  /** While nothing is known, anything up to the cap may be meant. */
  logarithmic: boolean;
}

/** Of the slider, beyond its first. */
export const PLACES = 200;
/** As far beyond the limit as is worth a look. */
const BEYOND = 1.5;

/** From the least to well beyond the limit; to the cap while no limit is known, or a little about what is proposed. */
export function rangeOf(
  bounds: ScenarioPreview['bounds']['intensity'] | undefined,
  limit: Limit | undefined,
  { unit, proposed }: { unit: string; proposed: number },
): Range {
  const top = limit?.high ?? limit?.estimate ?? limit?.low ?? null;
  const beyond = top === null ? Infinity : rounded(BEYOND * top, unit);
  const most = Math.min(bounds?.most ?? 10 * proposed, beyond);
  const least = Math.min(bounds?.least ?? most / 100, most);
  return { least, most, unit, logarithmic: top === null && unit !== 'share' };
}

/** The load at a place of the slider. */
export function loadAt({ least, most, unit, logarithmic }: Range, place: number): number {
  const part = place / PLACES;
  const load = logarithmic ? least * (most / least) ** part : least + (most - least) * part;
  return Math.min(most, Math.max(least, rounded(load, unit)));
}

/** The place of a load, also between two. */
export function placeOf({ least, most, logarithmic }: Range, load: number): number {
  const part = logarithmic ? Math.log(load / least) / Math.log(most / least) : (load - least) / (most - least);
  return PLACES * Math.min(1, Math.max(0, part));
}

const WHOLE_UNITS = ['connections', 'keys', 'bytes'];

/** A load as people write it: whole where only that makes sense, else three digits. */
export function rounded(load: number, unit: string): number {
  const three = Number(load.toPrecision(3));
  return WHOLE_UNITS.includes(unit) ? Math.max(1, Math.round(three)) : three;
}
