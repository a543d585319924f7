import { documentOf } from '../document/document-of.js';
import type { Block, Section, Table } from '../document/document.js';
import { escapeMarkdown as escape } from '../plain-text.js';
import type { Render } from './format.js';

/** Job summaries and comments take a little more, bytes. */
const MOST_BYTES = 900 * 1024;
const SIGNS = { good: '✅ ', bad: '❌ ', warn: '⚠️ ', plain: '' } as const;

/** GitHub's Markdown, for pull requests and job summaries. Long tables are cut so that it is at most 900 KiB. */
export const render: Render = (report) => {
  const { title, subtitle, verdict, sections } = documentOf(report);
  const head = [
    `# ${escape(title)}`,
    escape(subtitle),
    `${SIGNS[verdict.tone]}**${verdict.word}: ${escape(verdict.headline)}**`,
    [escape(verdict.trust), ...verdict.reasons.map((reason) => `- ${escape(reason)}`)].join('\n'),
  ];
  for (let rows = longest(sections); ; rows = Math.floor(rows / 2)) {
    const text = `${[...head, ...sections.flatMap((section) => sectionText(section, rows))].join('\n\n')}\n`;
    if (Buffer.byteLength(text) <= MOST_BYTES) return [text];
    if (rows === 0) return [Buffer.from(text).subarray(0, MOST_BYTES)];
  }
};

function longest(sections: readonly Section[]): number {
  const lengths = sections.flatMap(({ blocks }) =>
    blocks.map((one) => (one.type === 'table' ? one.table.rows.length : 0)),
  );
  return Math.max(0, ...lengths);
}

function sectionText({ title, blocks }: Section, rows: number): string[] {
  const texts = blocks.map((block) => blockText(block, rows)).filter((text) => text !== '');
  return texts.length === 0 ? [] : [`## ${title}`, ...texts];
}

function blockText(block: Block, rows: number): string {
  switch (block.type) {
    case 'text':
      return escape(block.text);
    case 'list':
      return listText(block.items, rows);
    case 'facts':
      return block.facts.map(({ name, value }) => `- ${name}: ${escape(value)}`).join('\n');
    case 'table':
      return tableText(block.table, rows);
    case 'chart':
      return '';
  }
}

function listText(items: readonly string[], most: number): string {
  const shown = items.slice(0, Math.max(most, 1));
  const left = items.length - shown.length;
  return [...shown.map((item) => `- ${escape(item)}`), ...(left === 0 ? [] : [`- and ${left} more`])].join('\n');
}

function tableText({ columns, rows }: Table, most: number): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, most);
  const left = rows.length - shown.length;
  return [
    line(columns.map(({ head }) => escape(head))),
    line(columns.map(({ right }) => (right === true ? '--:' : '---'))),
    ...shown.map((row) => line(row.map(({ text, tone }) => `${SIGNS[tone ?? 'plain']}${escape(text)}`))),
    ...(left === 0 ? [] : ['', `${left} more rows are in the other formats.`]),
  ].join('\n');
}
