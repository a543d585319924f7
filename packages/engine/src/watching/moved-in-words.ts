import { figure } from '../figure.js';
import type { Moments, Moved } from './moved.js';

type Unit = 'bytes' | 'cores' | 'seconds' | 'rate' | 'none';

const OWN: ReadonlyMap<string, { name: string; unit: Unit }> = new Map([
  ['target_cpu', { name: 'CPU', unit: 'cores' }],
  ['target_memory', { name: 'resident memory', unit: 'bytes' }],
  ['target_threads', { name: 'the number of threads', unit: 'none' }],
  ['target_open_files', { name: 'the number of open files', unit: 'none' }],
]);
const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const STEP = 1_024;

/** Says what moved, when and how far; "before", never "because". */
export function inWords({ series, leftAtMs, from, to }: Omit<Moved, 'sentence'>, moments: Moments): string {
  const { name, unit } = OWN.get(series) ?? { name: series, unit: unitOf(series) };
  const moved = to > from.high ? 'rose above' : 'fell below';
  return `${name} ${moved} its idle range (${range(from, unit)}) ${when(leftAtMs, moments)} and reached ${amount(to, unit)}`;
}

function unitOf(series: string): Unit {
  if (series.startsWith('rate(')) return 'rate';
  const name = series.replace(/\{.*$/s, '');
  if (name.endsWith('_bytes')) return 'bytes';
  return name.endsWith('_seconds') ? 'seconds' : 'none';
}

/** The target is read once a second: no finer times than that. */
function when(leftAtMs: number, { failedAtMs, loadFromMs }: Moments): string {
  const event = failedAtMs === null ? 'the load began' : 'the first failure';
  const seconds = Math.round((leftAtMs - (failedAtMs ?? loadFromMs)) / 1_000);
  if (seconds === 0) return failedAtMs === null ? 'as the load began' : `within a second of ${event}`;
  return `${figure(Math.abs(seconds))} s ${seconds < 0 ? 'before' : 'after'} ${event}`;
}

function range({ low, high }: { low: number; high: number }, unit: Unit): string {
  const between = low < 0 ? ' to ' : '–';
  if (unit !== 'bytes') return `${figure(low)}${between}${figure(high)}${SUFFIX[unit]}`;
  const power = powerOf(Math.max(Math.abs(low), Math.abs(high)));
  return `${figure(low / STEP ** power)}${between}${figure(high / STEP ** power)} ${BYTE_UNITS[power]}`;
}

function amount(value: number, unit: Unit): string {
  if (unit !== 'bytes') return `${figure(value)}${SUFFIX[unit]}`;
  const power = powerOf(Math.abs(value));
  return `${figure(value / STEP ** power)} ${BYTE_UNITS[power]}`;
}

const SUFFIX: Readonly<Record<Exclude<Unit, 'bytes'>, string>> = {
  cores: ' cores',
  seconds: ' s',
  rate: '/s',
  none: '',
};

function powerOf(bytes: number): number {
  return bytes < STEP ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
}
