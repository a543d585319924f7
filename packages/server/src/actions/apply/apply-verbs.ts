import type { Target } from '@hive/contract';
import type { Principal } from '../../identity/principal.js';
import type { Actions } from '../actions.js';
import type { createChannel } from '../channels/create-channel.js';
import type { replaceChannel } from '../channels/replace-channel.js';
import type { Verb } from '../verb.js';

/** The verbs by which changes are made: each demands its own permission. */
export interface ApplyVerbs extends Pick<
  Actions,
  | 'deleteTarget'
  | 'deleteChannel'
  | 'createSchedule'
  | 'replaceSchedule'
  | 'deleteSchedule'
  | 'createRule'
  | 'replaceRule'
  | 'deleteRule'
  | 'createMaintenance'
  | 'deleteMaintenance'
> {
  /** It is not asked whether it answers: all or nothing is to happen at once. */
  createTarget: Verb<Target, void>;
  replaceTarget: Verb<Target, void>;
  createChannel: ReturnType<typeof createChannel>;
  replaceChannel: ReturnType<typeof replaceChannel>;
}

/** Who makes changes, and by which verbs. */
export interface By {
  actor: Principal;
  verbs: ApplyVerbs;
}
