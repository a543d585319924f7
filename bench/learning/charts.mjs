/** A chart of dots as SVG: a row for each service, a dot for each search, one panel for each figure. */

const ROW = 34;
const TOP = 84;
const LEFT = 220;
const PANEL = 250;
const GAP = 40;
const GREY = '#e5e7eb';

/** Where a value stands in its panel, from 0 to 1. `scale`: `{ticks, log}`, from the first tick to the last. */
function place(value, { ticks, log }) {
  const on = log ? Math.log : (x) => x;
  const [from, to] = [on(ticks[0]), on(ticks.at(-1))];
  return Math.min(1, Math.max(0, (on(value) - from) / (to - from)));
}

const text = (x, y, content, more = '') => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more}>${content}</text>`;
const END = ' text-anchor="end"';
const MIDDLE = ' text-anchor="middle" fill="#64748b" font-size="12"';

/** `panels`: `{title, ticks, log}`; `series`: `{name, colour, values}`, `values[row][panel]`. The last series is drawn on top. */
export function dotChart({ title, panels, rows, series }) {
  const bottom = TOP + rows.length * ROW;
  const left = (panel) => LEFT + panel * (PANEL + GAP);
  const y = (row, index) => TOP + row * ROW + ROW / 2 + (index - (series.length - 1) / 2) * 5;
  const legend = series.map(({ name, colour }, i) => {
    const x = 14 + i * 115;
    return `<circle cx="${x}" cy="42" r="4" fill="${colour}"/>${text(x + 9, 47, name, ` fill="${colour}"`)}`;
  });
  const axes = panels.flatMap((panel, p) => [
    text(left(p) + PANEL / 2, TOP - 18, panel.title, ' text-anchor="middle"'),
    ...panel.ticks.map((tick) => {
      const x = left(p) + place(tick, panel) * PANEL;
      const line = `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${TOP}" y2="${bottom}" stroke="${GREY}"/>`;
      return line + text(x, bottom + 16, tick, MIDDLE);
    }),
  ]);
  const names = rows.map(
    (row, r) =>
      text(LEFT - 14, TOP + r * ROW + ROW / 2 + 5, row, END) +
      `<line x1="10" x2="${left(panels.length) - GAP}" y1="${TOP + r * ROW}" y2="${TOP + r * ROW}" stroke="${GREY}"/>`,
  );
  const dots = series.flatMap(({ colour, values }, s) =>
    values.flatMap((figures, r) =>
      figures.map((value, p) => {
        const x = left(p) + place(value, panels[p]) * PANEL;
        return `<circle cx="${x.toFixed(1)}" cy="${y(r, s).toFixed(1)}" r="${s === series.length - 1 ? 5 : 3.5}" fill="${colour}"/>`;
      }),
    ),
  );
  const [width, height] = [left(panels.length) - GAP + 20, bottom + 26];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="14" fill="#111827">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${[text(10, 22, title), ...legend, ...axes, ...names, ...dots].join('\n')}
</svg>
`;
}
