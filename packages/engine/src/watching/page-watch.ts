import { createScraper, type ScrapeOptions } from './scrape.js';
import { identity, isCumulative, readPage, type Page, type PageLine } from './prometheus-text.js';
import { LEAST_SPAN_MS, type Seen } from './sample.js';
import { parseSelector, selects, type SeriesSelector } from './series-selector.js';

export interface PageWatchOptions extends ScrapeOptions {
  series: readonly SeriesSelector[];
  /** Whether the process' own CPU and memory are taken from here. */
  process: boolean;
  now(): number;
}

interface Wanted {
  selector: SeriesSelector;
  /** Under which name it is shown. Absent: its own. */
  as?: string;
}

const START = 'process_start_time_seconds';
const PROCESS: readonly Wanted[] = [
  { selector: parseSelector('process_resident_memory_bytes', ''), as: 'target_memory' },
  { selector: parseSelector('process_cpu_seconds_total', ''), as: 'target_cpu' },
];

/** One page as the next one compares with it. */
interface Turn {
  atMs: number;
  started: number | undefined;
  /** By identity of the series. */
  values: ReadonlyMap<string, number>;
}

/** Watches the series of a Prometheus page. Of counters it tells the growth a second since the last page that could be read. */
export function watchPage(options: PageWatchOptions): { look(): Promise<Seen>; close(): void } {
  const wanted = [...(options.process ? PROCESS : []), ...options.series.map((selector) => ({ selector }))];
  const names = new Set([START, ...wanted.map(({ selector }) => selector.name)]);
  const scraper = createScraper(options);
  const place = `watch.prometheus: ${options.url.host}${options.url.pathname}`;
  let before: Turn | null = null;

  async function look(): Promise<Seen> {
    const scraped = await scraper.scrape();
    const atMs = options.now();
    const page = 'text' in scraped ? readPage(scraped.text, names) : scraped;
    if ('problem' in page) return { values: {}, problems: [`${place}: ${page.problem}`] };
    const turn = turnOf(page, atMs);
    const spanMs = before === null ? 0 : atMs - before.atMs;
    const seen = figures({ page, wanted, turn, before: spanMs < LEAST_SPAN_MS ? null : before });
    if (before === null || spanMs >= LEAST_SPAN_MS) before = turn;
    const problems = [...seen.problems, ...leftOut(page)];
    return { ...seen, problems: problems.map((problem) => `${place}: ${problem}`) };
  }
  return { look, close: scraper.close };
}

function leftOut({ odd }: Page): string[] {
  if (odd === null) return [];
  return [
    odd.count === 1 ? `${odd.first}; it is left out` : `${odd.count} lines are left out; the first: ${odd.first}`,
  ];
}

function turnOf({ lines }: Page, atMs: number): Turn {
  return {
    atMs,
    started: lines.find(({ name }) => name === START)?.value,
    values: new Map(lines.map((line) => [identity(line), line.value])),
  };
}

interface Reading {
  page: Page;
  wanted: readonly Wanted[];
  turn: Turn;
  before: Turn | null;
}

function figures({ page, wanted, turn, before }: Reading): Seen {
  const values: [string, number][] = [];
  const problems: string[] = [];
  for (const { selector, as } of wanted) {
    const lines = page.lines.filter((line) => selects(selector, line));
    const grows = as === 'target_cpu' || isCumulative(selector.name, page.types);
    const value = grows ? growthPerSecond(lines, turn, before) : total(lines);
    if (lines.length === 0) problems.push(`the page has no series ${selector.text}`);
    else if (value !== null && !Number.isFinite(value)) problems.push(`${selector.text} is ${value}`);
    else if (value !== null) values.push([as ?? shownAs(selector.text, grows), value]);
  }
  return { values: Object.fromEntries(values), problems };
}

/** `target_…` without more is Hive's own. */
function shownAs(text: string, grows: boolean): string {
  if (grows) return `rate(${text})`;
  return /^target_\w+$/.test(text) ? `${text}{}` : text;
}

const total = (lines: readonly PageLine[]): number => lines.reduce((sum, { value }) => sum + value, 0);

/**
 * Null without an earlier value to compare with. A counter that fell, or whose process restarted, has counted from zero; a series
 * that was not there before may be old in truth, so that its growth is known from the next page on only.
 */
function growthPerSecond(lines: readonly PageLine[], turn: Turn, before: Turn | null): number | null {
  if (before === null) return null;
  const restarted = !Object.is(turn.started, before.started);
  let grown: number | null = null;
  for (const line of lines) {
    const earlier = restarted ? 0 : before.values.get(identity(line));
    if (earlier === undefined) continue;
    grown = (grown ?? 0) + (line.value < earlier ? line.value : line.value - earlier);
  }
  return grown === null ? null : grown / ((turn.atMs - before.atMs) / 1_000);
}
