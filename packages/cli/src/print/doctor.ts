import { figure, rounded, SHAPES, type Ceiling, type MachineState, type Shape } from '@hive/contract';
import { column, duration } from './figures.js';
import type { Terminal } from './terminal.js';

const SHAPE_WORDS: Readonly<Record<Shape, string>> = {
  plain: 'plain',
  tls: 'TLS',
  body: '64 KiB answers',
  connections: 'new connections',
};

/** What this machine can send, for people. */
export function printCeiling(ceiling: Ceiling, terminal: Terminal): void {
  const { machine, threads, shapes, timers } = ceiling;
  const { bold } = terminal.colors;
  terminal.print(`This machine as a load generator: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  terminal.print('');
  terminal.print(bold(`  ${column('requests', 18)} ${column('max rate', 26)} CPU per request`));
  for (const shape of SHAPES) {
    const found = shapes.find((one) => one.shape === shape);
    terminal.print(`  ${column(SHAPE_WORDS[shape], 18)} ${found === undefined ? 'not measured' : shapeText(found)}`);
  }
  terminal.print(`  with ${threads === 1 ? '1 sending thread' : `${threads} sending threads`}, over loopback`);
  if (shapes.some(({ atLeast }) => atLeast))
    terminal.print('  at least: something else limited the rate; it may be higher on an idle machine');
  terminal.print('');
  terminal.print(bold(`  ${column('sending rate', 18)} ${column('p50 send delay', 26)} p99 send delay`));
  for (const { ratePerSecond, latenessP50Ms, latenessP99Ms } of timers)
    terminal.print(
      `  ${column(`${figure(ratePerSecond)} requests/s`, 18)} ${column(duration(latenessP50Ms), 26)} ${duration(latenessP99Ms)}`,
    );
}

/** Where the figures were saved, or why they were not. */
export function keptLine(kept: { path: string } | { busy: MachineState }): string {
  if ('busy' in kept) return `  not saved: ${kept.busy.text}`;
  return `  saved to ${kept.path}: hive run warns above 80 % of these rates`;
}

function shapeText({ ratePerSecond, atLeast, cpuMicrosPerRequest }: Ceiling['shapes'][number]): string {
  const rate = `${atLeast ? 'at least ' : ''}${rounded(ratePerSecond)} requests/s`;
  return `${column(rate, 26)} ${figure(cpuMicrosPerRequest)} µs`;
}
