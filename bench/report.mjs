/**
 * Writes the figures of bench/results into the pages that publish them, between `<!-- figures:NAME -->` and `<!-- /figures -->`, and draws their
 * charts. With `--check` it writes nothing, and says what is not as the results have it: part of `npm run check`.
 *
 * Usage: node bench/report.mjs [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { comparingFigures } from './learning/comparing-figures.mjs';
import { learningFigures } from './learning/figures.mjs';
import { loadFigures } from './load/figures.mjs';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const BLOCK = /<!-- figures:([a-z-]+) -->[\s\S]*?<!-- \/figures -->/g;
const problems = [];

for (const { page, blocks, charts } of [learningFigures(), comparingFigures(), loadFigures()]) {
  const text = readFileSync(place(page), 'utf8');
  settle(page, text, await renewed(page, text, blocks));
  for (const [file, svg] of Object.entries(charts)) settle(file, readFileSync(place(file), 'utf8'), svg);
}
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** The page with its blocks as the results have them, formatted. */
async function renewed(page, text, blocks) {
  const shown = [...text.matchAll(BLOCK)].map(([, name]) => name);
  for (const name of shown.filter((one) => !(one in blocks)))
    problems.push(`${page}: figures:${name} is in no results`);
  for (const name of Object.keys(blocks).filter((one) => !shown.includes(one)))
    problems.push(`${page}: has no block for figures:${name}`);
  const whole = text.replace(BLOCK, (block, name) =>
    name in blocks ? `<!-- figures:${name} -->\n\n${blocks[name]}\n\n<!-- /figures -->` : block,
  );
  const file = fileURLToPath(place(page));
  return format(whole, { ...(await resolveConfig(file)), filepath: file });
}

function settle(file, before, after) {
  if (before === after) return;
  if (values.check) problems.push(`${file} is not what bench/results gives: node bench/report.mjs`);
  else {
    writeFileSync(place(file), after);
    process.stdout.write(`written: ${file}\n`);
  }
}

function place(path) {
  return new URL(`../${path}`, import.meta.url);
}
