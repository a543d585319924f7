import { describe, it } from 'vitest';
import { expectHarCounted, expectLogsCounted, expectOpenApiCounted } from './counted-imports.js';

const RUNS = { numRuns: 300 };

describe('what goes in comes out or is told, in hundreds of files', () => {
  it('operations of an OpenAPI document', () => expectOpenApiCounted(RUNS));
  it('requests of a recording', () => expectHarCounted(RUNS));
  it('lines of a log', () => expectLogsCounted(RUNS));
});
