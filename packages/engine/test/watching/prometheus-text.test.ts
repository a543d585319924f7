import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identity, isCumulative, readPage, type Page } from '../../src/watching/prometheus-text.js';

const ALL = new Set(['a', 'b', 'up', 'x_bucket', 'x_sum', 'go:rule:sum', '__proto__']);

function read(text: string): Page {
  const page = readPage(text, ALL);
  if ('problem' in page) throw new Error(page.problem);
  return page;
}

const values = (text: string): number[] => read(text).lines.map(({ value }) => value);
const labels = (text: string): Record<string, string> => Object.fromEntries(read(text).lines[0]?.labels ?? []);

describe('the text format', () => {
  it.each<[string, string, number[]]>([
    ['a plain line', 'a 1\n', [1]],
    ['an empty page', '', []],
    ['blank lines and comments', '\n  \n# words\n#\n# HELP a What it is.\na 1\n\n', [1]],
    ['white space where it is allowed', '\t a \t 1 \t\n', [1]],
    ['no white space after the brace', 'a{}1\n', [1]],
    ['a time stamp', 'a 1 1395066363000\na{b="c"} 2 -3982045\n', [1, 2]],
    ['an OpenMetrics time stamp, exemplar and end', 'a{} 7 1520879607.789 # {id="x # y"} 0.67 1.5\n# EOF\n', [7]],
    ['an exemplar without a time stamp', 'a 7 # {} 0.67\n', [7]],
    [
      'signs, exponents and bare points',
      'a +1e3\na{b="1"} -2.5E-2\na{b="2"} .5\na{b="3"} 5.\n',
      [1000, -0.025, 0.5, 5],
    ],
    ['infinities', 'a +Inf\na{b="1"} -Inf\na{b="2"} inf\n', [Infinity, -Infinity, Infinity]],
    ['lines that nobody wants', 'c 3\na 1\nd{e="f"} 4\n', [1]],
    [
      'a histogram, line by line',
      '# TYPE x histogram\nx_bucket{le="1"} 2\nx_bucket{le="+Inf"} 3\nx_sum 4\n',
      [2, 3, 4],
    ],
    ['colons in a name', 'go:rule:sum 1\n', [1]],
    ['a name that JavaScript knows', '__proto__ 1\n', [1]],
  ])('reads %s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('reads NaN', () => {
    expect(values('a NaN\n')).toEqual([Number.NaN]);
  });

  it.each<[string, string, Record<string, string>]>([
    ['several', 'a{b="1",c="2"} 1\n', { b: '1', c: '2' }],
    ['a last comma', 'a{b="1",} 1\n', { b: '1' }],
    ['white space', 'a { b = "1" , c = "2" } 1\n', { b: '1', c: '2' }],
    ['escapes', String.raw`a{b="\\ \" \n \\n"} 1` + '\n', { b: '\\ " \n \\n' }],
    ['braces, commas and hashes inside', 'a{b="}, # {"} 1\n', { b: '}, # {' }],
    ['letters of the world', 'a{b="größe 東京 🐝"} 1\n', { b: 'größe 東京 🐝' }],
    ['an empty value', 'a{b=""} 1\n', { b: '' }],
  ])('reads labels: %s', (_, text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['no value', 'a\n'],
    ['no value after labels', 'a{b="c"}\n'],
    ['a word as value', 'a one\n'],
    ['a hexadecimal value', 'a 0x10\n'],
    ['two points', 'a 1.2.3\n'],
    ['a number too many', 'a 1 2 3\n'],
    ['a word as time stamp', 'a 1 now\n'],
    ['a name that begins with a digit', '1a 1\n'],
    ['a hyphen in a name', 'a-b 1\n'],
    ['a colon in a label', 'a{b:c="d"} 1\n'],
    ['an open brace', 'a{b="c" 1\n'],
    ['an open quote', 'a{b="c} 1\n'],
    ['no quotes', 'a{b=c} 1\n'],
    ['an unknown escape', String.raw`a{b="\t"} 1` + '\n'],
    ['two commas', 'a{b="1",,c="2"} 1\n'],
    ['a comma alone', 'a{,} 1\n'],
    ['no comma', 'a{b="1" c="2"} 1\n'],
    ['a label twice', 'a{b="1",b="2"} 1\n'],
    ['a type of nothing', '# TYPE a\n'],
    ['a web page', '<!doctype html>\n'],
    ['JSON', '{"status":"up"}\n'],
    ['a name in quotes, with a dot', '{"my.dotted",x="y"} 1\n'],
  ])('leaves out %s alone, and shows the line', (_, text) => {
    const { lines, odd } = read(`b 1\n${text}up 1\n`);
    expect(lines.map(({ name }) => name)).toEqual(['b', 'up']);
    expect(odd).toEqual({ count: 1, first: expect.stringMatching(/^line 2 is not in the Prometheus text format: '/) });
    expect(readPage(text, ALL)).toEqual({ problem: expect.stringMatching(/^line 1 is not in the Prometheus text/) });
  });

  it('leaves out a last line without its end alone, and reads lines that end with CR LF', () => {
    expect(read('a 1\nb 12')).toMatchObject({ lines: [{ value: 1 }], odd: { count: 1 } });
    expect(readPage('b 12', ALL)).toHaveProperty('problem');
    expect(values('# TYPE a counter\r\na 1\r\nb 2\r\n')).toEqual([1, 2]);
  });

  it('takes the first of a series that stands there twice, in whatever order of labels', () => {
    const { lines, odd } = read('a{b="1",c="2"} 1\na{c="2",b="1"} 2\n');
    expect(lines.map(({ value }) => value)).toEqual([1]);
    expect(odd).toEqual({ count: 1, first: expect.stringContaining('line 2 repeats a series') });
  });

  it('shows nothing of a page that could steer a terminal', () => {
    const page = readPage('\u001B[2J\u202Ea\u0007 1\n', ALL) as { problem: string };
    expect(page.problem).not.toMatch(/\p{C}/u);
  });

  it('reads back what was written, whatever it is', () => {
    const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/);
    const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/);
    const series = fc.record({
      name,
      labels: fc.dictionary(label, fc.string({ unit: 'binary' }), { noNullPrototype: true }),
      value: fc.double(),
    });
    fc.assert(
      fc.property(fc.uniqueArray(series, { selector: (one) => identity(toLine(one)) }), (all) => {
        const page = readPage(all.map(write).join(''), new Set(all.map((one) => one.name))) as Page;
        expect(page.lines).toEqual(all.map((one) => ({ ...toLine(one), value: one.value })));
      }),
    );
  });

  it('answers for any text, with a page or with a reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const page = readPage(text, ALL);
        expect('problem' in page || Array.isArray(page.lines)).toBe(true);
      }),
    );
  });

  it('takes the largest label and the most escapes that a page can hold', () => {
    const size = 4 * 1024 * 1024 - 100;
    expect(labels(`a{b="${'x'.repeat(size)}"} 1\n`)['b']).toHaveLength(size);
    expect(labels(`a{b="${'\\n'.repeat(size / 2)}"} 1\n`)['b']).toHaveLength(size / 2);
    expect(readPage(`a${' '.repeat(size)}x\n`, ALL)).toHaveProperty('problem');
    expect(readPage(`a 1${' '.repeat(size)}x\n`, ALL)).toHaveProperty('problem');
  });
});

describe('what only grows', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['jobs', {}, false],
    ['jobs', { jobs: 'gauge' }, false],
    ['jobs', { jobs: 'counter' }, true],
    ['jobs_total', {}, true],
    ['jobs_total', { jobs_total: 'untyped' }, true],
    ['jobs_total', { jobs: 'counter' }, true],
    ['jobs_total', { jobs_total: 'gauge' }, false],
    ['time_bucket', { time: 'histogram' }, true],
    ['time_sum', { time: 'summary' }, true],
    ['time_count', { time: 'histogram' }, true],
    ['time_count', {}, false],
    ['time', { time: 'summary' }, false],
  ])('%s of %o: %s', (name, types, expected) => {
    expect(isCumulative(name, new Map(Object.entries(types)))).toBe(expected);
  });
});

interface Written {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const toLine = ({ name, labels: all }: Written) => ({ name, labels: new Map(Object.entries(all)) });

function write({ name, labels: all, value }: Written): string {
  const pairs = Object.entries(all).map(
    ([label, text]) => `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  const number = Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'Inf');
  return `${name}{${pairs.join(',')}} ${number}\n`;
}
