import { isMapping, type Mapping } from './mapping.js';
import { fieldOf, mistakesError, type Mistake } from './mistakes.js';
import type { YamlText } from './yaml-text.js';

/** A schema of the contract. */
interface Schema<Read> {
  safeParse(value: unknown): { data?: Read; error?: { issues: readonly Issue[] } | undefined };
}

interface Issue {
  path: PropertyKey[];
  message: string;
  /** Of `unrecognized_keys`. */
  keys?: string[];
}

/**
 * Checks a YAML file (or the same in JSON) whose form is fixed: what was `written`, without defaults, and what the schema `made` of it.
 * @throws HiveError `validation` with everything that is wrong: line, column, field and how to fix it.
 */
export function checkFile<Read>(
  { value, places, mistakes, trusted }: YamlText,
  { fileName, schema, form }: { fileName: string; schema: Schema<Read>; form: string },
): { written: Mapping; made: Read } {
  if (!trusted) throw mistakesError(fileName, mistakes);
  if (!isMapping(value)) throw mistakesError(fileName, [...mistakes, { line: 1, column: 1, field: '', message: form }]);
  const { data, error } = schema.safeParse(value);
  const found = (error?.issues ?? []).flatMap((issue): Mistake[] => {
    if (issue.keys === undefined)
      return [{ ...places.value(issue.path), field: fieldOf(issue.path), message: issue.message }];
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { ...places.key(path), field: fieldOf(path), message: 'is unknown: correct or remove it' };
    });
  });
  const all = [...mistakes, ...found];
  if (all.length > 0) throw mistakesError(fileName, all);
  return { written: value, made: data as Read };
}
