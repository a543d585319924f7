export { initFleet, readFleetKeys } from './keys/fleet-keys.js';
export { invite, revoke, type Fleet } from './joining/invite.js';
export { createFileRoll } from './joining/roll.js';
export { openMembership } from './bee/kept-membership.js';
export { startBee } from './bee/bee.js';
export { startHub } from './hub/hub.js';
export { shownGenerators } from './hub/shown.js';
export type { Ask } from './wire/asks.js';
export type { AskedFrom } from './hub/asking.js';
