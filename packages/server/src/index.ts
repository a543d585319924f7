export { createLocalBus, createRunner, migrate, openStore, readLock, startServer } from './compose.js';
export type { Parts, Server } from './compose.js';
export { gatherSession, type Gathering } from './sessions/gather-session.js';
export { learnedFrom, learnedHistory } from './history/learned-history.js';
export { loadConfig, type Config, type ConfigOverrides } from './config.js';
export type { Bus } from './bus/bus.js';
export type { KeptResult, KeptWindow, Page, ScenarioFilter, Store } from './store/store.js';
