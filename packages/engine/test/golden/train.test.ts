import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { SERVICES } from './services.js';
import { goldenFileOf, tellSession } from './sessions.js';

// One session of each kind, the services in turn; all of them are in train.slow.test.ts.
describe('what a session told before', () => {
  it.each(KINDS.map((kind, index) => ({ kind, service: Object.keys(SERVICES)[index % 3]!, seed: 1 })))(
    'is told again: $kind on $service',
    async (session) => {
      const kept = readFileSync(join(import.meta.dirname, goldenFileOf(session.kind)), 'utf8');
      const sections = kept.split(/^(?=## )/m).map((section) => section.trimEnd());
      expect(sections).toContain((await tellSession(session)).trimEnd());
    },
  );
});
