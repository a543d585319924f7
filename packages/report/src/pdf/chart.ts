import { DOT_RADIUS, LABEL_SIZE, type Chart, type Mark } from '../charts/chart.js';
import { COLORS, INK_COLORS } from './colors.js';
import type { Page } from './page.js';

const LEGEND = 7.5;

/** A chart as lines and areas, with its title, legend and caption; it is never broken over two pages. */
export function drawChart(page: Page, chart: Chart): void {
  const scale = page.width / chart.width;
  page.room(chart.height * scale + 50);
  page.text(chart.title, { size: 9.5, bold: true });
  drawLegend(page, chart);
  const { document } = page;
  document.save().translate(page.left, page.y).scale(scale);
  for (const mark of chart.marks) drawMark(page, mark);
  document.restore();
  page.y += chart.height * scale;
  page.text(chart.caption, { size: 7.5, color: COLORS.soft });
  page.gap(12);
}

function drawLegend(page: Page, { legend }: Chart): void {
  const { document } = page;
  let x = page.left;
  for (const { ink, text, dot } of legend) {
    const middle = page.y + 5.5;
    if (dot === true) document.circle(x + 4, middle, 2.5).fill(INK_COLORS[ink]);
    else document.rect(x, middle - 1, 9, 2).fill(INK_COLORS[ink]);
    page.put(text, { size: LEGEND, color: COLORS.soft }, { x: x + 13, y: page.y, width: 220 });
    x += 13 + document.widthOfString(text) + 14;
  }
  page.gap(13);
}

function drawMark(page: Page, mark: Mark): void {
  const { document } = page;
  const color = INK_COLORS[mark.ink];
  switch (mark.type) {
    case 'line': {
      for (const [at, [x, y]] of mark.points.entries()) document[at === 0 ? 'moveTo' : 'lineTo'](x, y);
      document.lineWidth(mark.width).lineJoin('round').strokeColor(color);
      if (mark.dashed === true) document.dash(5, { space: 4 });
      document.stroke();
      if (mark.dashed === true) document.undash();
      break;
    }
    case 'area':
      document.save().fillOpacity(mark.opacity).rect(mark.x, mark.y, mark.width, mark.height).fill(color).restore();
      break;
    case 'dot':
      document.circle(mark.x, mark.y, DOT_RADIUS).lineWidth(1);
      if (mark.hollow === true) document.fillAndStroke('#ffffff', color);
      else document.fill(color);
      break;
    case 'label': {
      // Set first, so that the width is that of this font.
      document.font('DejaVuSansCondensed').fontSize(LABEL_SIZE);
      const width = document.widthOfString(mark.text) + 2;
      const x = mark.anchor === 'start' ? mark.x : mark.anchor === 'end' ? mark.x - width + 2 : mark.x - width / 2 + 1;
      page.put(mark.text, { size: LABEL_SIZE, color }, { x, y: mark.y - LABEL_SIZE * 0.93, width });
      break;
    }
  }
}
