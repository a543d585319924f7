import { join } from 'node:path';
import { KINDS } from '@hive/contract';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { kindDefinition } from '../../src/kinds/registry.js';

const definitions = KINDS.map(kindDefinition);
const FIELDS = Object.keys(definitions[0]!);

describe('a kind', () => {
  let messages: string[];

  // The definition of a ninth kind, once for each field that it may leave out.
  beforeAll(() => {
    const path = join(import.meta.dirname, 'ninth-kind.ts');
    const text = [
      "import type { KindDefinition } from '../../src/kinds/kind.js';",
      'declare const whole: KindDefinition;',
      ...FIELDS.map((field, index) => `const { ${field}: _${index}, ...without_${field} } = whole;`),
      ...FIELDS.map((field) => `export const lacks_${field}: KindDefinition = without_${field};`),
    ].join('\n');
    messages = problemsOf(path, text);
  }, 60_000);

  it.each(FIELDS)('that leaves out `%s` does not compile', (field) => {
    expect(messages).toContainEqual(expect.stringMatching(new RegExp(`'${field}' is missing|missing.*\\b${field}\\b`)));
  });

  it('compiles with all of them: nothing else is wrong', () => {
    expect(messages).toHaveLength(FIELDS.length);
  });

  it('has a place of its own when the budget is short', () => {
    expect(new Set(definitions.map(({ budgetPlace }) => budgetPlace)).size).toBe(KINDS.length);
  });

  it.each(['open', 'closed'] as const)('alone is what a plain %s run pushes', (model) => {
    expect(definitions.filter(({ plainRun }) => plainRun === model)).toHaveLength(1);
  });
});

/** What the compiler says of one file that does not exist on disk. */
function problemsOf(path: string, text: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.readFile = (name) => (name === path ? text : readFile(name));
  host.getSourceFile = (name, version, ...rest) =>
    name === path ? ts.createSourceFile(name, text, version) : getSourceFile(name, version, ...rest);
  const program = ts.createProgram([path], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(path))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
