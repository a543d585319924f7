import { readFileSync } from 'node:fs';
import { svgOf } from '../charts/svg.js';
import type { Chart } from '../charts/chart.js';
import { documentOf } from '../document/document-of.js';
import type { Block, Cell, Section, Table } from '../document/document.js';
import { escapeMarkup } from '../plain-text.js';
import type { Render } from './format.js';

/** Nothing is loaded from anywhere and nothing runs, whatever a name in the report holds. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** One file that needs nothing else: no script, no request. Light and dark as the reader's system says; printed, it is light. */
export const render: Render = function* (report) {
  const { title, subtitle, verdict, sections } = documentOf(report);
  const style = readFileSync(new URL('../../style/report.css', import.meta.url), 'utf8');
  yield [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>\n${style}</style>`,
    '</head>',
    '<body>',
    '<header>',
    '<p class="brand">Hive report</p>',
    `<h1>${text(title)}</h1>`,
    `<p class="subtitle">${text(subtitle)}</p>`,
    '</header>',
    '<main>',
    `<section class="verdict ${verdict.tone}" aria-label="Verdict">`,
    `<p class="word">${verdict.word}</p>`,
    `<p class="headline">${text(verdict.headline)}</p>`,
    `<p class="trust">${text(verdict.trust)}</p>`,
    ...(verdict.reasons.length === 0 ? [] : [list(verdict.reasons)]),
    '</section>\n',
  ].join('\n');
  for (const section of sections) yield sectionHtml(section);
  yield '</main>\n</body>\n</html>\n';
};

function sectionHtml({ title, blocks }: Section): string {
  return `<section>\n<h2>${escapeMarkup(title)}</h2>\n${blocks.map(blockHtml).join('\n')}\n</section>\n`;
}

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'text':
      return `<p>${text(block.text)}</p>`;
    case 'list':
      return list(block.items);
    case 'facts':
      return `<dl>\n${block.facts.map(({ name, value }) => `<dt>${escapeMarkup(name)}</dt><dd>${text(value)}</dd>`).join('\n')}\n</dl>`;
    case 'table':
      return tableHtml(block.table);
    case 'chart':
      return chartHtml(block.chart);
  }
}

function tableHtml({ columns, rows }: Table): string {
  const side = (at: number): string => (columns[at]?.right === true ? ' class="right"' : '');
  const head = columns.map((column, at) => `<th scope="col"${side(at)}>${escapeMarkup(column.head)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell, at) => `<td${side(at)}>${cellHtml(cell)}</td>`).join('')}</tr>`);
  return `<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>\n</div>`;
}

function cellHtml({ text: words, tone = 'plain' }: Cell): string {
  return tone === 'plain' ? text(words) : `<span class="${tone}">${text(words)}</span>`;
}

function chartHtml(chart: Chart): string {
  const legend = chart.legend.map(
    ({ ink, text: words, dot }) =>
      `<li><span class="key ink-${ink}${dot === true ? ' round' : ''}"></span>${text(words)}</li>`,
  );
  return [
    '<figure>',
    `<h3>${text(chart.title)}</h3>`,
    `<ul class="legend">${legend.join('')}</ul>`,
    svgOf(chart),
    `<figcaption>${text(chart.caption)}</figcaption>`,
    '</figure>',
  ].join('\n');
}

function list(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${text(item)}</li>`).join('\n')}\n</ul>`;
}

/** A name that is written from right to left turns nothing around it. */
function text(words: string): string {
  return `<bdi>${escapeMarkup(words)}</bdi>`;
}
