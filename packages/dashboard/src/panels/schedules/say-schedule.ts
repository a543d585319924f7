import { BASE_KIND, everyMs, KIND_LABELS, KIND_UNITS, regionsWords, WEEKDAYS, type Schedule } from '@hive/contract';
import { capitalized, figure, quantity, say } from '../../ui/format';

const UNITS: readonly [ms: number, one: string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
];

/** `every 15 minutes`, `every day at 03:00, Europe/Berlin`; cron that says more stays as it is written. */
export function sayWhen({ when, timeZone }: Pick<Schedule, 'when' | 'timeZone'>): string {
  const ms = everyMs(when);
  if (ms !== null) return sayEvery(ms);
  return `${sayCron(when)}, ${timeZone}`;
}

function sayEvery(ms: number): string {
  const [size, one] = UNITS.find(([unit]) => ms >= unit && ms % unit === 0) ?? [1, 'ms'];
  const many = ms / size;
  return many === 1 ? `every ${one}` : `every ${figure(many)} ${one}s`;
}

function sayCron(cron: string): string {
  const fields = cron.split(' ');
  const [minute = '', hour = '', day, month, weekday = ''] = fields;
  const isPlain = fields.length === 5 && /^\d+$/.test(minute) && day === '*' && month === '*';
  if (isPlain && hour === '*' && weekday === '*') return `every hour at minute ${minute}`;
  const onDays = isPlain && /^\d+$/.test(hour) ? sayDays(weekday) : null;
  return onDays === null ? `cron ${cron}` : `${onDays} at ${two(hour)}:${two(minute)}`;
}

function sayDays(weekday: string): string | null {
  if (weekday === '*') return 'every day';
  if (weekday === '1-5') return 'Monday to Friday';
  const day = /^[0-7]$/.test(weekday) ? WEEKDAYS[Number(weekday) % WEEKDAYS.length] : undefined;
  return day === undefined ? null : `every ${capitalized(day)}`;
}

const two = (part: string): string => part.padStart(2, '0');

/** `Check`, `Find limit: Request rate`, `Can it take 300/s for 60 s?` */
export function sayWhat(what: Schedule['what']): string {
  const { regions } = what;
  const from = regions === undefined ? '' : `, from ${regions === 'here' ? 'this machine' : regionsWords(regions)}`;
  return `${sayDone(what)}${from}`;
}

function sayDone(what: Schedule['what']): string {
  switch (what.type) {
    case 'check':
      return 'Check';
    case 'train':
      return `Find limit: ${(what.kinds ?? [BASE_KIND]).map((kind) => KIND_LABELS[kind].label).join(', ')}`;
    case 'verify':
      return `Can it take ${figure(what.atPerSecond)}/s for ${figure(what.forSeconds)} s?`;
    case 'run': {
      const kind = what.kind ?? BASE_KIND;
      const load = what.intensity === undefined ? 'the safe load' : say(quantity(what.intensity, KIND_UNITS[kind]));
      return `${KIND_LABELS[kind].label} run at ${load}`;
    }
  }
}
