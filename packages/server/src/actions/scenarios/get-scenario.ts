import type { ScenarioDetail } from '@hive/contract';
import { bytesOf, MOST_ANSWER_BYTES } from '../../answer-size.js';
import { findScenario } from '../../history/find-scenario.js';
import { shownWindows } from '../../history/shown-windows.js';
import { demand } from '../../identity/principal.js';
import type { Store, WindowPart } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** A run, and the part of its seconds that is wanted; without one, as much as an answer holds. */
export interface WantedScenario extends Pick<WindowPart, 'fromMs' | 'toMs'> {
  id: string;
}

/** One scenario with its kept windows. Throws HiveError `not_found`. */
export function getScenario(store: Store): Verb<WantedScenario, ScenarioDetail> {
  return async (actor, { id, ...part }) => {
    demand(actor, 'read');
    const row = await findScenario(store, id);
    return { ...row, ...(await shownWindows(store, id, { ...part, room: MOST_ANSWER_BYTES - bytesOf(row) })) };
  };
}
