import { HiveError, type OnLostBee, type Scenario, type Target } from '@hive/contract';
import { UNKNOWN_MACHINE, type Environment } from '@hive/engine';
import { NO_FLEET_HINT } from '../fleet/led-fleet.js';
import type { Generator } from './generator.js';

/** A generator, with what requests are filled from now. */
export type Sending = Omit<Generator, 'environment'> & { environment: Environment };

/**
 * What sends the load of a session of a target: this machine, or load generators of its regions. What they can send, and who else uses their
 * machines, they say themselves.
 * @throws HiveError `validation` naming `regions` where there is no fleet, or nobody of a region is in it.
 */
export async function sendingFrom(
  generator: Generator,
  { regions }: Pick<Target, 'regions'>,
  onLost: OnLostBee = 'abort',
): Promise<Sending> {
  if (regions === undefined) return { ...generator, environment: await generator.environment() };
  const { fleet } = generator;
  if (fleet === null)
    throw new HiveError('validation', 'regions: this Hive leads no load generators on other machines', {
      hint: NO_FLEET_HINT,
    });
  const there = new Set(fleet.view().loadGenerators.map(({ region }) => region));
  const unknown = regions === 'all' ? [] : Object.keys(regions).filter((region) => !there.has(region));
  if (unknown.length > 0) {
    const known = [...there].filter((region) => region !== null);
    throw new HiveError('validation', `regions: no load generator is in ${unknown.join(', ')}`, {
      hint:
        known.length > 0 ? `there are ${known.join(', ')}` : 'invite one with hive fleet invite NAME --region REGION',
    });
  }
  return {
    ...generator,
    environment: await generator.environment(),
    load: fleet.load(regions, { onLost }),
    ceiling: () => null,
    outside: { ...generator.outside, watchMachine: () => UNKNOWN_MACHINE },
  };
}

/**
 * Whether a run can be sent from where its target wants it.
 * @throws HiveError `validation` naming `regions` for faults on connections that only this machine has.
 */
export function checkSendable({ plan }: Scenario, { regions }: Pick<Target, 'regions'>): void {
  if (regions === undefined || !plan.faults?.some(({ link }) => link === 'client')) return;
  throw new HiveError(
    'validation',
    'regions: the faults of this run are on connections of the machine that Hive runs on',
    {
      hint: 'write "regions": "here", which sends from this machine',
    },
  );
}
