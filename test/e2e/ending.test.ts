import { describe } from 'vitest';
import { tryWays, WAYS } from './ways-to-end.js';

const COMMON = WAYS.filter(([signal, what]) => signal === 'SIGTERM' && what === 'a shell that runs npm start');

describe.runIf(process.platform === 'linux')('whoever starts Hive, and however that is ended', () => tryWays(COMMON));
