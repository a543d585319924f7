import { documentOf } from '../document/document-of.js';
import type { Block, Section, Table } from '../document/document.js';
import { plain } from '../plain-text.js';
import type { Render } from './format.js';

/** A cell longer than that goes on without pushing the columns behind it. */
const MOST_COLUMN = 44;

/** The report for a terminal and for mail: plain text, no colors, charts left out. */
export const render: Render = (report) => {
  const { title, subtitle, verdict, sections } = documentOf(report);
  const head = [
    plain(title),
    plain(subtitle),
    '',
    `${verdict.word.toUpperCase()}  ${plain(verdict.headline)}`,
    plain(verdict.trust),
    ...verdict.reasons.map((reason) => `  - ${plain(reason)}`),
  ];
  return [[...head, ...sections.flatMap(linesOfSection)].map((line) => `${line.trimEnd()}\n`).join('')];
};

function linesOfSection({ title, blocks }: Section): string[] {
  const lines = blocks.flatMap(linesOfBlock);
  return lines.length === 0 ? [] : ['', title, '-'.repeat(title.length), ...lines];
}

function linesOfBlock(block: Block): string[] {
  switch (block.type) {
    case 'text':
      return [plain(block.text)];
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`);
    case 'facts': {
      const width = Math.max(...block.facts.map(({ name }) => name.length));
      return block.facts.map(({ name, value }) => `${name.padEnd(width)}  ${plain(value)}`);
    }
    case 'table':
      return linesOfTable(block.table);
    case 'chart':
      return [];
  }
}

function linesOfTable({ columns, rows }: Table): string[] {
  const texts = [columns.map(({ head }) => head), ...rows.map((row) => row.map(({ text }) => plain(text)))];
  const widths = columns.map((_, at) =>
    texts.reduce((most, row) => Math.max(most, Math.min(MOST_COLUMN, row[at]?.length ?? 0)), 0),
  );
  return texts.map((row) =>
    row
      .map((text, at) => (columns[at]?.right === true ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join('  '),
  );
}
