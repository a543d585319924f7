// Holds that every chosen number of the learner stands in its files of weights: elsewhere in learning/ no constant of a module is a number or a
// table of numbers. What is computed from other names is no choice. With a folder as argument it checks that folder (for the test of the rule).
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../bootstrap.mjs';
import { repositoryFiles } from './repository-files.mjs';

const LEARNING = 'packages/engine/src/learning';
const WEIGHTS = [`${LEARNING}/weights.ts`, `${LEARNING}/weights-of-belief.ts`];
/** Names that choose nothing by themselves. */
const BUILT_IN = new Set(['Math', 'Number', 'Object', 'Array', 'Float64Array', 'Map', 'Set', 'Infinity', 'undefined']);

const folder = process.argv[2] ?? ROOT;
const paths = repositoryFiles(join(folder, LEARNING)).map((path) => relative(folder, join(ROOT, path)));
if (WEIGHTS.some((path) => !paths.includes(path))) throw new Error(`${WEIGHTS.join(' or ')} is not there`);

let found = 0;
for (const path of paths.filter((one) => one.endsWith('.ts') && !WEIGHTS.includes(one))) {
  const source = ts.createSourceFile(path, readFileSync(join(folder, path), 'utf8'), ts.ScriptTarget.Latest, true);
  for (const { name, initializer } of source.statements.filter(ts.isVariableStatement).flatMap(declarationsOf)) {
    if (initializer === undefined || !isChosen(initializer)) continue;
    found += 1;
    const line = source.getLineAndCharacterOfPosition(name.getStart(source)).line + 1;
    process.stdout.write(`${path}:${line}: ${name.getText(source)} is a chosen number: it belongs to ${WEIGHTS[0]}\n`);
  }
}
process.exitCode = found > 0 ? 1 : 0;

function declarationsOf({ declarationList }) {
  return [...declarationList.declarations];
}

/** A number, a table with one in it, or what is computed from numbers alone. */
function isChosen(node) {
  if (ts.isNumericLiteral(node)) return true;
  if (ts.isArrayLiteralExpression(node)) return node.elements.some(isChosen);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.some((one) => one.initializer !== undefined && isChosen(one.initializer));
  if (isWrapped(node)) return isChosen(node.expression);
  const { numbers, names } = leavesOf(node);
  return numbers > 0 && names === 0;
}

function isWrapped(node) {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isSpreadElement(node)
  );
}

/** How many numbers and names of others an expression is made of, but for functions in it. */
function leavesOf(node) {
  const leaves = { numbers: 0, names: 0 };
  const look = (one) => {
    if (ts.isFunctionLike(one) || ts.isTypeNode(one)) return;
    if (ts.isNumericLiteral(one)) leaves.numbers += 1;
    if (ts.isIdentifier(one) && !isLabel(one) && !BUILT_IN.has(one.text)) leaves.names += 1;
    ts.forEachChild(one, look);
  };
  look(node);
  return leaves;
}

/** The `length` of `table.length`, or of `{ length: 3 }`. */
function isLabel(identifier) {
  const { parent } = identifier;
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === identifier;
}
