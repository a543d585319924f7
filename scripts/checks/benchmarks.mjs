// What a benchmark measures it reaches through the door of a package, so that its figures are those of the product: no file of bench/ imports a file
// of a package other than its index. With a folder as argument it checks that folder (for the test of the rule).
import { readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../bootstrap.mjs';
import { repositoryFiles } from './repository-files.mjs';

const folder = process.argv[2] ?? ROOT;
const paths = repositoryFiles(join(folder, 'bench')).map((path) => relative(folder, join(ROOT, path)));
/** The name of a package, or its built index. */
const DOORS = /^(@hive\/[a-z]+|packages\/[a-z]+\/dist\/index\.js)$/;

let found = 0;
const sources = paths.filter((path) => /\.[cm]?[jt]s$/.test(path));
for (const path of sources) {
  for (const { specifier, line } of importsOf(path)) {
    const named = specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier;
    if (!/^(packages|@hive)\//.test(named) || DOORS.test(named)) continue;
    found += 1;
    process.stdout.write(`${path}:${line}: imports ${named}: a benchmark reaches a package through its index\n`);
  }
}
process.exitCode = found > 0 || sources.length === 0 ? 1 : 0;

/** Everything that a file imports, at once or later, with the line where it does. */
function importsOf(path) {
  const source = ts.createSourceFile(path, readFileSync(join(folder, path), 'utf8'), ts.ScriptTarget.Latest, true);
  const imports = [];
  const look = (node) => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (specifier !== undefined && ts.isStringLiteralLike(specifier))
      imports.push({
        specifier: specifier.text,
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
      });
    ts.forEachChild(node, look);
  };
  look(source);
  return imports;
}
