import type { Chart } from '../charts/chart.js';

/** How a piece of text is to be taken, for formats with colors. */
export type Tone = 'good' | 'bad' | 'warn' | 'plain';

/** One cell of a table. */
export interface Cell {
  text: string;
  tone?: Tone;
}

export interface Column {
  head: string;
  /** Figures stand to the right. */
  right?: boolean;
  /** Its share of the width, where a format has to say it. */
  wide?: number;
}

export interface Table {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
}

/** One thing on a page. What it holds is text as it is: a format makes it safe by its own rules. */
export type Block =
  | { type: 'text'; text: string }
  | { type: 'facts'; facts: readonly { name: string; value: string }[] }
  | { type: 'list'; items: readonly string[] }
  | { type: 'table'; table: Table }
  | { type: 'chart'; chart: Chart };

export interface Section {
  title: string;
  blocks: readonly Block[];
}

/** A report in words, figures and charts, in the order in which people read it, before any format. */
export interface ReportDocument {
  title: string;
  subtitle: string;
  verdict: { word: string; tone: Tone; headline: string; trust: string; reasons: readonly string[] };
  sections: readonly Section[];
}
