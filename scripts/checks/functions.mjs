// Holds the length of functions: what decides something is read at one glance. A function named within another is read by itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../bootstrap.mjs';
import { repositoryFiles } from './repository-files.mjs';

const MOST_LINES = 60;

const problems = [];
for (const path of repositoryFiles().filter((one) => /^packages\/[^/]+\/src\/.+\.ts$/.test(one))) {
  const source = ts.createSourceFile(path, readFileSync(join(ROOT, path), 'utf8'), ts.ScriptTarget.Latest, true);
  visit(source, path, source);
}
function visit(node, path, source) {
  if (isFunction(node)) {
    const lines = linesOf(node, source) - innerOf(node).reduce((sum, inner) => sum + linesOf(inner, source), 0);
    if (lines > MOST_LINES)
      problems.push(`${path}: ${nameOf(node)} has ${lines} lines, at most ${MOST_LINES}: make two of it`);
  }
  ts.forEachChild(node, (child) => visit(child, path, source));
}

function linesOf(node, source) {
  const lineAt = (position) => source.getLineAndCharacterOfPosition(position).line;
  return lineAt(node.end) - lineAt(node.getStart(source)) + 1;
}

/** Named functions within a function, which are read by themselves. What is handed on as an argument is read where it stands. */
function innerOf(node) {
  const found = [];
  const look = (child) => {
    const isNamed = isFunction(child) && !ts.isCallExpression(child.parent) && !ts.isNewExpression(child.parent);
    if (isNamed) {
      if (linesOf(child, child.getSourceFile()) > 2) found.push(child);
    } else ts.forEachChild(child, look);
  };
  ts.forEachChild(node, look);
  return found;
}

function isFunction(node) {
  return (
    (ts.isFunctionDeclaration(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isArrowFunction(node) ||
      ts.isFunctionExpression(node)) &&
    node.body !== undefined
  );
}

function nameOf(node) {
  return (
    node.name?.getText() ??
    (node.parent && 'name' in node.parent ? node.parent.name?.getText() : undefined) ??
    'function'
  );
}

for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
