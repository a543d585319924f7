import { COMPARISON_LABELS, comparisonInWords, itemInWords, type Comparison } from '@hive/contract';
import { column } from './figures.js';
import type { Colors, Terminal } from './terminal.js';

const WIDTHS = { what: 18, value: 20, change: 28 };
const ANSWER_AT = 2 + WIDTHS.what + 2 * (WIDTHS.value + 1) + WIDTHS.change + 2;

/** Prints what was compared, one line an item, and the answer below. */
export function printComparison(comparison: Comparison, terminal: Terminal): void {
  const { colors, widths } = terminal;
  if (comparison.items.length > 0) {
    const wide = widths.result >= ANSWER_AT + 20;
    if (wide)
      terminal.print(
        colors.bold(row({ what: 'compared', base: 'base', candidate: 'candidate', change: 'change' }, 'answer')),
      );
    for (const item of comparison.items) {
      const words = itemInWords(item);
      if (wide) terminal.print(row(words, words.answer), ANSWER_AT);
      else terminal.print(`  ${words.what}: ${words.base} → ${words.candidate}, ${words.change}: ${words.answer}`, 4);
    }
    terminal.print('');
  }
  terminal.print(`  ${inColor(comparison, colors)}`, 2);
}

function row(cells: Record<'what' | 'base' | 'candidate' | 'change', string>, answer: string): string {
  const { what, base, candidate, change } = cells;
  return `  ${column(what, WIDTHS.what)} ${column(base, WIDTHS.value)} ${column(candidate, WIDTHS.value)} ${column(change, WIDTHS.change)} ${answer}`;
}

function inColor(comparison: Comparison, colors: Colors): string {
  const text = comparisonInWords(comparison);
  const label = COMPARISON_LABELS[comparison.answer];
  const color =
    comparison.answer === 'worse' ? colors.red : comparison.answer === 'better' ? colors.green : colors.bold;
  return text.startsWith(label) ? `${color(label)}${text.slice(label.length)}` : text;
}
