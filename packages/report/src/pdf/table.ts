import type { Cell, Table } from '../document/document.js';
import { COLORS, TONE_COLORS } from './colors.js';
import type { Look, Page } from './page.js';

const SIZE = 7;
const PADDING = 3;
const GUTTER = 6;

/** A table over the whole width; its head is written again on each page. */
export function drawTable(page: Page, { columns, rows }: Table): void {
  const total = columns.reduce((sum, { wide = 1 }) => sum + wide, 0);
  const widths = columns.map(({ wide = 1 }) => (wide / total) * page.width - GUTTER);
  const lefts = widths.map((_, at) => widths.slice(0, at).reduce((sum, width) => sum + width + GUTTER, page.left));
  const look = ({ tone = 'plain' }: Cell): Look => ({ size: SIZE, color: TONE_COLORS[tone], bold: tone !== 'plain' });
  const headLook: Look = { size: SIZE, color: COLORS.soft, bold: true };

  function drawRow(cells: readonly Cell[], lookOf: (cell: Cell) => Look): void {
    const top = page.y + PADDING;
    for (const [at, cell] of cells.entries()) {
      const place = { x: lefts[at]!, y: top, width: widths[at]!, right: columns[at]?.right === true };
      page.put(cell.text, lookOf(cell), place);
    }
    page.y += heightOf(cells, lookOf);
    page.rule();
  }
  function heightOf(cells: readonly Cell[], lookOf: (cell: Cell) => Look): number {
    return Math.max(...cells.map((cell, at) => page.heightOf(cell.text, lookOf(cell), widths[at]!))) + 2 * PADDING;
  }
  const drawHead = (): void =>
    drawRow(
      columns.map(({ head }) => ({ text: head })),
      () => headLook,
    );

  drawHead();
  for (const row of rows) {
    if (page.room(heightOf(row, look))) drawHead();
    drawRow(row, look);
  }
  page.gap(4);
}
