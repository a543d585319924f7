export type { LocalAccounts } from './accounts.js';
export type { LocalSecrets } from './channel-parts.js';
export {
  backup,
  dataHeld,
  dataHolder,
  demandLogin,
  migrate,
  openData,
  openStore,
  restore,
  startServer,
} from './compose.js';
export type { DataHere, DataHolder, DataPlace, Parts, Server } from './compose.js';
export { gatherSession, startGathering, type SessionGatherer } from './sessions/gather-session.js';
export type { OwnSession } from './sessions/own-session.js';
export { learnedFrom } from './history/learned-history.js';
export { loadConfig, type Config, type ConfigOverrides } from './config.js';
export { openOtlp } from './sinks/otlp.js';
export type { Sink, SinkTally } from './sinks/sink.js';
