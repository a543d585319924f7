import type { Fleet, Invitation, RouteParsed } from '@hive/contract';
import type { Verb } from '../verb.js';

/** What can be done with load generators on other machines. */
export interface FleetActions {
  showFleet: Verb<void, Fleet>;
  inviteToFleet: Verb<RouteParsed<'inviteToFleet'>['body'], Invitation>;
  revokeFromFleet: Verb<string, void>;
}
