import { documentOf } from '../document/document-of.js';
import type { Block, ReportDocument, Section } from '../document/document.js';
import { drawChart } from '../pdf/chart.js';
import { openPage, type Page } from '../pdf/page.js';
import { COLORS, TONE_COLORS } from '../pdf/colors.js';
import { drawTable } from '../pdf/table.js';
import type { Render } from './format.js';

const BODY = 8.5;

/** A PDF with vector charts and an embedded font, A4, for print and for mail. */
export const render: Render = (report) => {
  const document = documentOf(report);
  const madeAt = new Date(report.made.at);
  const page = openPage({ title: document.title, madeAt });
  drawHead(page, document);
  for (const section of document.sections) drawSection(page, section);
  return page.finish(`Hive ${report.made.hive}`);
};

function drawHead(page: Page, { title, subtitle, verdict }: ReportDocument): void {
  page.text('HIVE REPORT', { size: 7.5, color: COLORS.soft, bold: true });
  page.text(title, { size: 18, bold: true });
  page.gap(2);
  page.text(subtitle, { size: BODY, color: COLORS.soft });
  page.gap(10);
  const top = page.y;
  const color = TONE_COLORS[verdict.tone];
  page.text(verdict.word, { size: 9, color, bold: true, indent: 12 });
  page.text(verdict.headline, { size: 13, bold: true, indent: 12 });
  page.gap(2);
  page.text(verdict.trust, { size: BODY, color: COLORS.soft, indent: 12 });
  for (const reason of verdict.reasons) page.text(`• ${reason}`, { size: BODY, color: COLORS.soft, indent: 12 });
  page.bar(top, color);
  page.gap(8);
}

function drawSection(page: Page, { title, blocks }: Section): void {
  page.gap(12);
  // A heading never stands alone at the end of a page.
  page.room(blocks[0]?.type === 'chart' ? 240 : 70);
  page.rule();
  page.gap(6);
  page.text(title, { size: 12, bold: true });
  page.gap(4);
  for (const block of blocks) drawBlock(page, block);
}

function drawBlock(page: Page, block: Block): void {
  switch (block.type) {
    case 'text':
      page.gap(2);
      page.text(block.text, { size: 8, color: COLORS.soft });
      page.gap(2);
      break;
    case 'list':
      for (const item of block.items) page.text(`• ${item}`, { size: BODY });
      break;
    case 'facts':
      page.gap(3);
      for (const { name, value } of block.facts) page.fact(name, value, BODY);
      break;
    case 'table':
      drawTable(page, block.table);
      break;
    case 'chart':
      drawChart(page, block.chart);
      break;
  }
}
