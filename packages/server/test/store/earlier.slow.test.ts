import { describe, expect } from 'vitest';
import { describeWith, postgres } from '../../../../test/services.js';
import { createPgliteOf010, createPostgresOf010 } from './earlier.js';
import { earlierConformance } from './earlier-conformance.js';

/** With ten values each: a million rows. */
const WINDOWS = 100_000;

const inTime = (ms: number): void => {
  process.stdout.write(`a million rows migrated in ${(ms / 1_000).toFixed(1)} s\n`);
  expect(ms).toBeLessThan(30_000);
};

describeWith(postgres, 'a large PostgreSQL of 0.1.0', () => earlierConformance(WINDOWS, createPostgresOf010, inTime));
describe('a large embedded database of 0.1.0', () => earlierConformance(WINDOWS, createPgliteOf010, inTime));
