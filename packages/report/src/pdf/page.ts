import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create, type Font } from 'fontkit';
import Pdf from 'pdfkit';
import { COLORS } from './colors.js';
import { shownText } from './shown-text.js';

const MARGIN = 45;
const FOOT = 30;
/** No single text needs more of a page; beyond that it is cut. */
const MOST_CHARACTERS = 1_500;
const LINE_GAP = 1.5;

/** How a text looks. Sizes and lengths are in points. */
export interface Look {
  size: number;
  color?: string;
  bold?: boolean;
  indent?: number;
}

/** Where a text stands, for what places its own. */
export interface Place {
  x: number;
  y: number;
  width: number;
  right?: boolean;
}

/** A growing document: what is written goes below what was written before, on a new page where it does not fit. */
export interface Page {
  readonly document: PDFKit.PDFDocument;
  readonly left: number;
  readonly width: number;
  y: number;
  text(text: string, look: Look): void;
  fact(name: string, value: string, size: number): void;
  /** Writes a text where it is told, without moving on. */
  put(text: string, look: Look, place: Place): void;
  heightOf(text: string, look: Look, width: number): number;
  gap(points: number): void;
  /** Begins a new page unless that much room is left. True where it did. */
  room(points: number): boolean;
  rule(): void;
  /** A bar at the left, from `top` to here. */
  bar(top: number, color: string): void;
  /** Ends the document with page numbers. */
  finish(foot: string): AsyncIterable<Uint8Array>;
}

interface Face {
  name: string;
  has(codePoint: number): boolean;
}

/** Opens an empty document. */
export function openPage({ title, madeAt }: { title: string; madeAt: Date }): Page {
  const document = new Pdf({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    lang: 'en',
    pdfVersion: '1.7',
    displayTitle: true,
  });
  const regular = addFace(document, 'DejaVuSansCondensed');
  const bold = addFace(document, 'DejaVuSansCondensed-Bold');
  Object.assign(document.info, {
    Title: shownText(title, regular.has),
    Creator: 'Hive',
    CreationDate: madeAt,
    ModDate: madeAt,
  });
  const width = document.page.width - 2 * MARGIN;
  const bottom = document.page.height - MARGIN - FOOT / 2;

  function prepare(text: string, look: Look): string {
    const face = look.bold === true ? bold : regular;
    document.font(face.name).fontSize(look.size);
    const whole = shownText(text, face.has);
    return whole.length > MOST_CHARACTERS ? `${whole.slice(0, MOST_CHARACTERS)}…` : whole;
  }

  const page: Page = {
    document,
    left: MARGIN,
    width,
    y: MARGIN,
    text(text, look) {
      const indent = look.indent ?? 0;
      const height = page.heightOf(text, look, width - indent);
      page.room(height);
      page.put(text, look, { x: MARGIN + indent, y: page.y, width: width - indent });
      page.y += height;
    },
    fact(name, value, size) {
      const names = 110;
      const look = { size };
      const height = page.heightOf(value, look, width - names);
      page.room(height + 2);
      page.put(name, { size, color: COLORS.soft }, { x: MARGIN, y: page.y, width: names - 8 });
      page.put(value, look, { x: MARGIN + names, y: page.y, width: width - names });
      page.y += height + 2;
    },
    put(text, look, { x, y, width: wide, right }) {
      const shown = prepare(text, look);
      document.fillColor(look.color ?? COLORS.ink);
      document.text(shown, x, y, { width: wide, align: right === true ? 'right' : 'left', lineGap: LINE_GAP });
    },
    heightOf(text, look, wide) {
      return document.heightOfString(prepare(text, look), { width: wide, lineGap: LINE_GAP });
    },
    gap(points) {
      page.y += points;
    },
    room(points) {
      if (page.y + points <= bottom) return false;
      document.addPage();
      page.y = MARGIN;
      return true;
    },
    rule() {
      document
        .moveTo(MARGIN, page.y)
        .lineTo(MARGIN + width, page.y)
        .lineWidth(0.5)
        .strokeColor(COLORS.line)
        .stroke();
    },
    bar(top, color) {
      const from = page.y >= top ? top : MARGIN;
      document.rect(MARGIN, from, 3, page.y - from).fill(color);
    },
    finish(foot) {
      const { start, count } = document.bufferedPageRange();
      for (let index = 0; index < count; index++) {
        document.switchToPage(start + index);
        const at = { x: MARGIN, y: document.page.height - FOOT, width };
        page.put(foot, { size: 7, color: COLORS.soft }, at);
        page.put(`${index + 1} / ${count}`, { size: 7, color: COLORS.soft }, { ...at, right: true });
      }
      document.end();
      return document as AsyncIterable<Uint8Array>;
    },
  };
  return page;
}

/** A font of the DejaVu family (its license allows to pass it on), embedded as far as it is used. */
function addFace(document: PDFKit.PDFDocument, name: string): Face {
  const require = createRequire(import.meta.url);
  const bytes = readFileSync(join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), `ttf/${name}.ttf`));
  document.registerFont(name, bytes);
  const font = create(bytes) as Font;
  return { name, has: (codePoint) => font.hasGlyphForCodePoint(codePoint) };
}
