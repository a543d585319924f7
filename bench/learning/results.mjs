/** The figures that are kept in bench/results: small enough for the repository, a line for each group. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const fileOf = (label) => new URL(`../results/learning-${label}.json`, import.meta.url);

/** What was kept under a label; null: nothing. */
export function readResults(label) {
  return existsSync(fileOf(label)) ? JSON.parse(readFileSync(fileOf(label), 'utf8')) : null;
}

/** `head`: the settings; `tables`: by name, objects or lists whose entries have a line each. */
export function keepResults(label, head, tables) {
  const lines = Object.entries(tables).map(([name, table]) => {
    const isList = Array.isArray(table);
    const entries = Object.entries(table).map(
      ([key, value]) => `  ${isList ? '' : `${JSON.stringify(key)}: `}${JSON.stringify(value, rounded)}`,
    );
    return ` ${JSON.stringify(name)}: ${isList ? '[' : '{'}\n${entries.join(',\n')}\n ${isList ? ']' : '}'}`;
  });
  const settings = JSON.stringify({ ...head, node: process.version }).slice(1, -1);
  writeFileSync(fileOf(label), `{\n ${settings},\n${lines.join(',\n')}\n}\n`);
}

function rounded(_key, value) {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}
