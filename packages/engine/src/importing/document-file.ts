import { documentSchema, type DocumentInput } from '@hive/contract';
import { checkFile } from './checked-file.js';
import { readYaml } from './yaml-text.js';

/**
 * Reads a YAML file (or the same in JSON) that describes one thing for `hive apply`.
 * @throws HiveError `validation` with everything that is wrong: line, column, field and how to fix it.
 */
export function readDocumentFile(text: string, fileName: string): DocumentInput {
  const form = 'is not a document: write kind, id and spec';
  return checkFile(readYaml(text), { fileName, schema: documentSchema, form }).written as unknown as DocumentInput;
}
