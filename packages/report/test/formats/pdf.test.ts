import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, poppler } from '../../../../test/services.js';
import { renderReport } from '../../src/index.js';
import { shownText } from '../../src/pdf/shown-text.js';
import { bytesOf, REPORTS } from '../samples.js';

describe('text in a PDF', () => {
  const all = (): boolean => true;

  it('shows what the font lacks as □, one for each character', () => {
    expect(shownText('ship 🚢 it', (codePoint) => codePoint < 0x1_0000)).toBe('ship □ it');
    expect(shownText('👩‍🚀', () => false)).toBe('□□');
  });

  it('puts words that are read from right to left in that order', () => {
    expect(shownText('the שלום עולם shop', all)).toBe('the עולם שלום shop');
    expect(shownText('plain text', all)).toBe('plain text');
  });
});

describeWith(poppler, 'a report as PDF', (path) => {
  const TOOLS = { encoding: 'utf8' as const, timeout: 60_000 };
  const beside = (tool: string): string => join(dirname(path), tool);
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hive-pdf-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Several tests look at the same file. */
  async function written(name: string): Promise<string> {
    const file = join(folder, `${name.replaceAll(' ', '-')}.pdf`);
    if (!existsSync(file)) writeFileSync(file, await bytesOf(renderReport(REPORTS[name]!(), 'pdf')));
    return file;
  }
  const textIn = (file: string): string => execFileSync(path, ['-layout', file, '-'], TOOLS);

  it.each(Object.keys(REPORTS))(
    'of a session %s is read and drawn without a warning, and no page is empty',
    async (name) => {
      const file = await written(name);
      const pages = textIn(file).split('\f').slice(0, -1);
      expect(pages.map((page) => page.trim().split('\n').length > 2)).toEqual(pages.map(() => true));
      expect(pages.map((page) => /(\d+)\s*\/\s*(\d+)\s*$/.exec(page)?.slice(1, 3))).toEqual(
        pages.map((_, index) => [String(index + 1), String(pages.length)]),
      );
      const images = mkdtempSync(join(folder, 'pages-'));
      execFileSync(beside('pdftoppm'), ['-r', '20', '-gray', '-l', '3', file, join(images, 'page')], TOOLS);
      for (const image of readdirSync(images)) {
        const pixels = readFileSync(join(images, image)).subarray(-1_000);
        expect(pixels.length).toBe(1_000);
      }
      expect(execFileSync(beside('pdfinfo'), [file], TOOLS)).toMatch(/Title:\s+\S/);
    },
  );

  it('embeds its fonts', async () => {
    const fonts = execFileSync(beside('pdffonts'), [await written('usual')], TOOLS)
      .split('\n')
      .slice(2, -1);
    expect(fonts.length).toBe(2);
    for (const font of fonts) expect(font).toMatch(/DejaVuSansCondensed.* yes yes yes /);
  });

  it('holds the verdict, every section and every run', async () => {
    const text = textIn(await written('usual'));
    for (const part of [
      'Max rate: 412 requests/s (396–429)',
      'Objectives',
      'Limits',
      'Charts',
      'Errors by kind',
      'Findings',
      'Runs',
      'Method and settings for replay',
      'p99 against load',
    ])
      expect(text).toContain(part);
    for (const load of [100, 200, 300, 380, 450, 500]) expect(text).toMatch(new RegExp(`Request rate\\s+${load}`));
  });

  it('has 300 runs on pages with a head each', async () => {
    const text = textIn(await written('of 300 runs'));
    const pages = text.split('\f').filter((page) => /^\s*#\s+Test\s+Load/m.test(page));
    expect(pages.length).toBeGreaterThan(5);
    expect(text).toMatch(/^\s*300\s+Request/m);
  });

  it('shows names that the font has, and □ for the rest', async () => {
    const text = textIn(await written('with hostile names'));
    expect(text).toContain('<script>alert(1)</script>');
    expect(text).toContain('ship □ it');
    expect(text).toMatch(/שלום|םולש/);
  });
});
