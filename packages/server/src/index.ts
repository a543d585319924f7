export { backup, dataHeld, dataHolder, migrate, openData, restore, startServer } from './compose.js';
export type { DataHere, DataHolder, DataPlace, Parts, Server } from './compose.js';
export { gatherSession, startGathering, type SessionGatherer } from './sessions/gather-session.js';
export type { OwnSession } from './sessions/own-session.js';
export { learnedFrom } from './history/learned-history.js';
export { loadConfig, type Config, type ConfigOverrides } from './config.js';
