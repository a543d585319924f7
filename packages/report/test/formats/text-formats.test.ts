import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'csv-parse/sync';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { formatOfFile, parseReport, renderReport } from '../../src/index.js';
import { bytesOf, HOSTILE, REPORTS, textOf } from '../samples.js';
import { parseOpenMetrics } from './openmetrics-parser.js';

const EACH = Object.entries(REPORTS);
const usual = REPORTS['usual']!;
const hostile = REPORTS['with hostile names']!;
/** Control characters but line breaks, and marks that turn the direction of text. */
const UNSAFE = /(?![\n\r])[\p{Cc}\p{Bidi_Control}]/u;

describe('text', () => {
  it.each(EACH)('of a session %s has no control character', async (_, report) => {
    expect(await textOf(renderReport(report(), 'text'))).not.toMatch(UNSAFE);
  });

  it('says in this order what people ask for', async () => {
    const text = await textOf(renderReport(usual(), 'text'));
    const parts = [
      'MEASURED  Max rate: 412 requests/s (396–429)',
      'Measurement: usable',
      '\nObjectives\n',
      '\nLimits\n',
      '\nErrors by kind\n',
      '\nFindings\n',
      '\nRuns\n',
      '\nMethod and settings for replay\n',
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(text).toContain('358 requests/s (predicted)');
    expect(text).toContain('1000, 1001, 1002, 1003, 1004, 1005');
  });

  it('keeps every line of a table on one line, whatever it is called', async () => {
    const text = await textOf(renderReport(hostile(), 'text'));
    expect(text).toContain('line break tab');
    expect(text.split('\n').some((line) => line.startsWith('::'))).toBe(false);
  });
});

describe('JSON', () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../docs/report.schema.json'), 'utf8'),
  ) as object;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);

  it.each(EACH)('of a session %s meets the shipped schema, and is read again', async (_, report) => {
    const bytes = await bytesOf(renderReport(report(), 'json'));
    expect(validate(JSON.parse(bytes.toString('utf8'))) ? [] : validate.errors).toEqual([]);
    expect(parseReport(bytes, 'it')).toEqual(report());
  });

  it('is refused by the schema with another version', () => {
    expect(validate({ ...usual(), version: 2 })).toBe(false);
  });
});

describe('Markdown', () => {
  /** Tags of the rendered page that markup of ours makes. */
  const OURS = new Set(['h1', 'h2', 'p', 'strong', 'ul', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td']);
  const tagsOf = (html: string): string[] => [...html.matchAll(/<([a-z]\w*)/gi)].map(([, tag]) => tag!.toLowerCase());

  it.each(EACH)('of a session %s renders to headings, tables and lists alone', async (_, report) => {
    const text = await textOf(renderReport(report(), 'md'));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(900 * 1024);
    const html = await marked(text);
    expect(tagsOf(html).filter((tag) => !OURS.has(tag) && tag !== 'a')).toEqual([]);
    // Addresses become links by themselves; nothing else does.
    expect([...html.matchAll(/href="([^"]*)"/g)].every(([, to]) => to!.startsWith('http://127.0.0.1'))).toBe(true);
    expect(text).not.toMatch(UNSAFE);
  });

  it('has a row for each run, each with all its cells', async () => {
    const html = await marked(await textOf(renderReport(hostile(), 'md')));
    const table = html.split('<h2>Runs</h2>')[1]!.split('</table>')[0]!;
    const rows = table.split('<tr>').slice(1);
    expect(rows.map((row) => row.match(/<t[hd]/g)?.length)).toEqual(Array.from({ length: 7 }, () => 11));
    expect(html).not.toContain('@octocat');
  });

  it('is cut to what a job summary takes, and says so', async () => {
    const report = usual();
    const [first] = report.runs;
    const long = { ...first!, result: { ...first!.result, reason: 'x'.repeat(1_000) } };
    const text = await textOf(renderReport({ ...report, runs: Array.from({ length: 2_000 }, () => long) }, 'md'));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(900 * 1024);
    expect(text).toMatch(/\d+ more rows are in the other formats/);
    expect(text).toContain('## Method and settings for replay');
  });
});

describe('CSV', () => {
  const read = async (name: string): Promise<Record<string, string>[]> =>
    parse(await textOf(renderReport(REPORTS[name]!(), 'csv')), { columns: true, record_delimiter: '\r\n' });

  it.each(Object.keys(REPORTS))('of a session %s has a row for each run and each window', async (name) => {
    const report = REPORTS[name]!();
    const rows = await read(name);
    expect(rows.filter(({ record }) => record === 'run').length).toBe(report.runs.length);
    const windows = report.runs.reduce((sum, run) => sum + run.windows.length, 0);
    expect(rows.filter(({ record }) => record === 'window').length).toBe(windows);
  });

  it('has the figures with their units in the header', async () => {
    const [run, window] = await read('usual');
    const { measurement } = usual().runs[0]!.result;
    expect(run).toMatchObject({
      kind: 'load_balancing',
      intensity: '100',
      unit: 'requests/s',
      seed: '1000',
      outcome: 'passed',
      sent_requests: '400',
    });
    expect(Number(run!['response_time_p99_ms'])).toBe(measurement!.responseTimeMs.p99);
    expect(window).toMatchObject({
      run: 'scn_0',
      from_ms: '0',
      to_ms: '1000',
      phase: 'judged',
      sent_requests_per_second: '100',
    });
  });

  it('has no cell that a spreadsheet would run, and keeps negative numbers', async () => {
    const rows = await read('with hostile names');
    const texts = rows.flatMap((row) => Object.values(row));
    expect(texts.filter((text) => /^\s*[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)))).toEqual([]);
    const named = (target: string): Promise<string> =>
      textOf(renderReport({ ...usual(), target: { ...usual().target, id: target } }, 'csv'));
    for (const name of ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', ' =1', '＝1']) {
      const [first] = parse<Record<string, string>>(await named(name), { columns: true, record_delimiter: '\r\n' });
      expect(first!['target']).toBe(`'${name}`);
    }
    const early = structuredClone(usual());
    early.runs[0]!.windows[0]!.fromMs = -250;
    const [, window] = parse<Record<string, string>>(await textOf(renderReport(early, 'csv')), {
      columns: true,
      record_delimiter: '\r\n',
    });
    expect(window!['from_ms']).toBe('-250');
  });
});

describe('OpenMetrics', () => {
  it.each(EACH)('of a session %s is read by a strict parser', async (_, report) => {
    const families = parseOpenMetrics(await textOf(renderReport(report(), 'openmetrics')));
    expect(families.get('hive_session')?.samples).toHaveLength(1);
    expect(families.get('hive_run_requests')?.samples.length ?? 0).toBe(report().runs.length);
  });

  it('has the limit with its ends, and response times in seconds', async () => {
    const families = parseOpenMetrics(await textOf(renderReport(usual(), 'openmetrics')));
    const ends = families.get('hive_limit')!.samples.map(({ labels, value }) => [labels['end'], value]);
    expect(ends).toEqual([
      ['estimate', 412],
      ['low', 396],
      ['high', 429],
      ['safe', 358],
    ]);
    const times = families.get('hive_run_response_time_seconds')!;
    const p99 = times.samples.find(({ labels }) => labels['quantile'] === '0.99' && labels['run'] === '1');
    expect(times).toMatchObject({ type: 'summary', unit: 'seconds' });
    expect(p99!.value).toBeCloseTo(usual().runs[0]!.result.measurement!.responseTimeMs.p99 / 1_000, 9);
  });

  it('keeps names as they are, but for what no label may hold', async () => {
    const families = parseOpenMetrics(await textOf(renderReport(hostile(), 'openmetrics')));
    const { target } = families.get('hive_session')!.samples[0]!.labels;
    expect(target).toContain('<script>alert(1)</script>');
    expect(target).toContain('🚢');
    expect(target!.length).toBeGreaterThan(HOSTILE.length - 20);
  });
});

describe('the format of a file', () => {
  it('is that of its name', () => {
    expect(
      ['a.HTML', 'b.htm', 'c.pdf', 'd.xml', 'e.svg', 'f.prom', 'g.md', 'h.csv', 'i.json', 'j.txt'].map(formatOfFile),
    ).toEqual(['html', 'html', 'pdf', 'junit', 'badge', 'openmetrics', 'md', 'csv', 'json', 'text']);
    expect(() => formatOfFile('report.doc')).toThrow("'report.doc' does not end like any report format");
  });
});
