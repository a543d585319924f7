import { describe } from 'vitest';
import { tryWays, WAYS } from './ways-to-end.js';

describe.runIf(process.platform === 'linux')('whoever starts Hive, and however that is ended', () => tryWays(WAYS));
