import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { SERVICES } from './services.js';
import { goldenFileOf, tellSession } from './sessions.js';

/** The service of each kind: every one is among them. All of all are in train.slow.test.ts. */
const ON: readonly number[] = [0, 1, 2, 1, 1, 2, 1, 0];

describe('what a session told before', () => {
  it.each(KINDS.map((kind, index) => ({ kind, service: Object.keys(SERVICES)[ON[index]!]!, seed: 1 })))(
    'is told again: $kind on $service',
    async (session) => {
      const kept = readFileSync(join(import.meta.dirname, goldenFileOf(session.kind)), 'utf8');
      const sections = kept.split(/^(?=## )/m).map((section) => section.trimEnd());
      expect(sections).toContain((await tellSession(session)).trimEnd());
    },
  );
});
