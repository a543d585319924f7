import type { PracticeState } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import { askPractice, findPractice, type PracticeParts } from '../../targets/practice-target.js';
import type { Verb } from '../verb.js';

/**
 * Takes capacity away from the practice target, or gives it back.
 * Throws HiveError `not_found` for a target that this Hive did not start.
 */
export function setPractice(
  parts: PracticeParts & { log: Log },
): Verb<{ id: string; capacity: number }, PracticeState> {
  return async (actor, { id, capacity }) => {
    demand(actor, 'run');
    await findPractice(parts, id);
    const state = await askPractice<PracticeState>(
      parts.practice as string,
      `/practice/capacity?share=${capacity}`,
      'POST',
    );
    parts.log.info({ who: actor.id, target: id, capacity }, 'capacity of the practice target changed');
    return state;
  };
}
