import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { dataDirectory, startHive, type HiveProcess } from './hive-process.js';

/** Chromium that asks nobody for anything. */
export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Hive of its own, and a page in Chromium that will look at it. */
export interface Looking {
  hive: HiveProcess;
  browser: Browser;
  page: Page;
  /** Errors of the scripts of the page, and what its console calls one. */
  complaints: string[];
  end: () => Promise<void>;
}

/** `prepare` fills the data directory before Hive opens it; `width` and `height` of the window, px. */
export async function lookAtHive(
  executablePath: string,
  {
    height = 900,
    width = 1280,
    prepare,
  }: { height?: number; width?: number; prepare?: (data: string) => Promise<unknown> } = {},
): Promise<Looking> {
  const data = await dataDirectory();
  await prepare?.(data.path);
  const [hive, browser] = await Promise.all([
    startHive(data.path),
    playwright.launch({ executablePath, args: QUIET, headless: true }),
  ]);
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => complaints.push(error.message));
  const end = async (): Promise<void> => {
    await browser.close();
    await hive.end();
    await data.remove();
  };
  return { hive, browser, page, complaints, end };
}
