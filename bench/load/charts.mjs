// Small charts as SVG, for docs/images.

const FRAME = (
  height,
  content,
) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 ${height}" font-family="sans-serif" font-size="14" fill="#111827">
<rect width="640" height="${height}" fill="#ffffff"/>
${content.join('\n')}
</svg>
`;
const TITLE = (text) => `<text x="10" y="22">${text}</text>`;

/** Horizontal bars. `rows`: name, value, colour. */
export function barChart(title, rows) {
  const widest = Math.max(...rows.map(([, value]) => value));
  const bars = rows.map(([name, value, fill], index) => {
    const y = 40 + index * 30;
    const width = (value / widest) * 400;
    return `<text x="150" y="${y + 15}" text-anchor="end">${name}</text><rect x="160" y="${y}" width="${width.toFixed(1)}" height="20" fill="${fill}"/><text x="${(166 + width).toFixed(1)}" y="${y + 15}">${value.toFixed(1)}</text>`;
  });
  return FRAME(50 + rows.length * 30, [TITLE(title), ...bars]);
}

/** Lines over a common x axis from zero. `lines`: name, colour, points `[x, y]`. */
export function lineChart(title, lines) {
  const points = lines.flatMap(([, , line]) => line);
  const mostX = Math.max(...points.map(([x]) => x));
  const step = 50;
  const mostY = Math.ceil(Math.max(...points.map(([, y]) => y)) / step) * step;
  const toX = (x) => 50 + (x / mostX) * 560;
  const toY = (y) => 230 - (y / mostY) * 180;
  const grid = Array.from({ length: mostY / step + 1 }, (_, index) => index * step).map(
    (y) =>
      `<text x="44" y="${toY(y) + 5}" text-anchor="end">${y}</text><line x1="50" x2="610" y1="${toY(y)}" y2="${toY(y)}" stroke="#e5e7eb"/>`,
  );
  const ends = `<text x="50" y="250">0 s</text><text x="610" y="250" text-anchor="end">${mostX.toFixed(0)} s</text>`;
  const drawn = lines.map(([name, stroke, line], index) => {
    const path = line.map(([x, y]) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="2"/><text x="${60 + index * 200}" y="44" fill="${stroke}">${name}</text>`;
  });
  return FRAME(260, [TITLE(title), ...grid, ends, ...drawn]);
}
