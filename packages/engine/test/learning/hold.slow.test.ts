import { it } from 'vitest';
import { expectHoldsAreTrue } from './hold-sessions.js';

it('a hold is never claimed where none was, in many sessions', () => expectHoldsAreTrue({ numRuns: 10 }, 4));
