import { it } from 'vitest';
import { expectLearnedBy, OBJECTIVES } from './objectives-learned.js';

it.each(OBJECTIVES)('a limit is learned by whatever the objectives bound: %s', (_, objectives, service) =>
  expectLearnedBy(objectives, service),
);
