import { describe, it } from 'vitest';
import { expectHarCounted, expectLogsCounted, expectOpenApiCounted } from './counted-imports.js';

const RUNS = { numRuns: 20, seed: 1 };

describe('what goes in comes out or is told, whatever a file looks like', () => {
  it('operations of an OpenAPI document', () => expectOpenApiCounted(RUNS));
  it('requests of a recording', () => expectHarCounted(RUNS));
  it('lines of a log', () => expectLogsCounted(RUNS));
});
