import { createScenarioSchema, type RouteParsed } from '@hive/contract';
import { checkFile } from './checked-file.js';
import { isMapping } from './mapping.js';
import { readYaml } from './yaml-text.js';

/** A run as a file describes it, with every default. */
export type WrittenRun = RouteParsed<'createScenario'>['body'];

/**
 * Reads a scenario.yaml, as the builder of the dashboard shows it: what `POST /api/scenarios` takes. Null: it describes no run.
 * @throws HiveError `validation` with everything that is wrong: line, column, field and how to fix it.
 */
export function readScenarioFile(text: string, fileName: string): WrittenRun | null {
  const read = readYaml(text);
  const { value } = read;
  // A hive.yaml has an address, and no kind.
  if (!read.trusted || !isMapping(value) || !('kind' in value) || 'url' in value || 'nodes' in value) return null;
  return checkFile(read, { fileName, schema: createScenarioSchema, form: 'is not a run' }).made;
}
