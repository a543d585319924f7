import { escapeMarkup } from '../plain-text.js';
import { DOT_RADIUS, LABEL_SIZE, type Chart, type Mark } from './chart.js';

/** A chart as an inline SVG. Colors are classes (`ink-p99`), so that each theme has its own. */
export function svgOf({ title, caption, width, height, marks }: Chart): string {
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(`${title}. ${caption}`)}">`,
    ...marks.map(svgMark),
    '</svg>',
  ].join('\n');
}

function svgMark(mark: Mark): string {
  const ink = `ink-${mark.ink}`;
  switch (mark.type) {
    case 'line': {
      const path = mark.points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
      const dashes = mark.dashed === true ? ' stroke-dasharray="5 4"' : '';
      return `<path class="line ${ink}" d="${path}" stroke-width="${mark.width}"${dashes}/>`;
    }
    case 'area':
      return `<rect class="area ${ink}" x="${mark.x}" y="${mark.y}" width="${mark.width}" height="${mark.height}" opacity="${mark.opacity}"/>`;
    case 'dot':
      return `<circle class="dot ${ink}${mark.hollow === true ? ' hollow' : ''}" cx="${mark.x}" cy="${mark.y}" r="${DOT_RADIUS}"/>`;
    case 'label':
      return `<text class="${ink}" x="${mark.x}" y="${mark.y}" text-anchor="${mark.anchor}" font-size="${LABEL_SIZE}">${escapeMarkup(mark.text)}</text>`;
  }
}
