import {
  BASE_KIND,
  everyMs,
  type Kind,
  type OnLostBee,
  type Regions,
  type Schedule,
  type ScheduleInput,
} from '@hive/contract';

/** A schedule as a form holds it: texts, of all that it may be. */
export interface DescribedSchedule {
  target: string;
  type: Schedule['what']['type'];
  kinds: readonly Kind[];
  budgetMinutes: string;
  atPerSecond: string;
  forSeconds: string;
  kind: Kind;
  intensity: string;
  /** Who sends; absent: as the target says. */
  regions: Regions | 'here' | undefined;
  /** As it is; the form does not change it. */
  onLostBee: OnLostBee | undefined;
  timing: 'every' | 'daily' | 'cron';
  every: string;
  at: string;
  cron: string;
  timeZone: string;
}

/** What each part of the form is given. */
export interface PartProps {
  form: DescribedSchedule;
  onChange: (change: Partial<DescribedSchedule>) => void;
  /** What the API says against a field, by its name. */
  problems: Readonly<Record<string, string>>;
}

const DAILY = /^(\d{1,2}) (\d{1,2}) \* \* \*$/;

/** The form of a schedule; null: of a new one, for this target. */
export function describeSchedule(schedule: Schedule | null, target: string, timeZone: string): DescribedSchedule {
  const empty: DescribedSchedule = {
    target,
    type: 'check',
    kinds: [BASE_KIND],
    budgetMinutes: '',
    atPerSecond: '',
    forSeconds: '60',
    kind: BASE_KIND,
    intensity: '',
    regions: undefined,
    onLostBee: undefined,
    timing: 'every',
    every: '5m',
    at: '03:00',
    cron: '0 3 * * 1',
    timeZone,
  };
  if (schedule === null) return empty;
  const { what, when } = schedule;
  return {
    ...empty,
    target: schedule.target,
    timeZone: schedule.timeZone,
    ...timingOf(when),
    ...whatOf(what),
    ...sendingOf(what),
  };
}

function sendingOf(what: Schedule['what']): Partial<DescribedSchedule> {
  return { regions: what.regions, onLostBee: what.type === 'check' ? undefined : what.onLostBee };
}

function timingOf(when: string): Partial<DescribedSchedule> {
  if (everyMs(when) !== null) return { timing: 'every', every: when.replace(/^every\s+/i, '') };
  const [, minute, hour] = DAILY.exec(when) ?? [];
  if (minute === undefined || hour === undefined) return { timing: 'cron', cron: when };
  return { timing: 'daily', at: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`, cron: when };
}

function whatOf(what: Schedule['what']): Partial<DescribedSchedule> {
  switch (what.type) {
    case 'check':
      return { type: 'check' };
    case 'train': {
      const { kinds = [BASE_KIND], budgetSeconds: seconds } = what;
      return { type: 'train', kinds, budgetMinutes: seconds === undefined ? '' : String(seconds / 60) };
    }
    case 'verify':
      return { type: 'verify', atPerSecond: String(what.atPerSecond), forSeconds: String(what.forSeconds) };
    case 'run':
      return { type: 'run', kind: what.kind ?? BASE_KIND, intensity: what.intensity?.toString() ?? '' };
  }
}

/** What the API is sent; it says what is wrong with it. */
export function scheduleOf(form: DescribedSchedule, on: boolean): ScheduleInput {
  return { target: form.target, what: sentWhat(form), when: sentWhen(form), timeZone: form.timeZone.trim(), on };
}

function sentWhen({ timing, every, at, cron }: DescribedSchedule): string {
  if (timing === 'every') return `every ${every.trim()}`;
  if (timing === 'cron') return cron.trim();
  const [hour, minute] = at.split(':').map(Number);
  return `${minute ?? ''} ${hour ?? ''} * * *`;
}

function sentWhat(form: DescribedSchedule): ScheduleInput['what'] {
  const { type, budgetMinutes, intensity, regions, onLostBee } = form;
  const sending = { ...(regions === undefined ? {} : { regions }), ...(onLostBee === undefined ? {} : { onLostBee }) };
  switch (type) {
    case 'check':
      return { type, ...(regions === undefined ? {} : { regions }) };
    case 'train':
      return {
        type,
        kinds: [...form.kinds],
        ...(budgetMinutes.trim() === '' ? {} : { budgetSeconds: Number(budgetMinutes) * 60 }),
        ...sending,
      };
    case 'verify':
      return { type, atPerSecond: Number(form.atPerSecond), forSeconds: Number(form.forSeconds), ...sending };
    case 'run':
      return {
        type,
        kind: form.kind,
        ...(intensity.trim() === '' ? {} : { intensity: Number(intensity) }),
        ...sending,
      };
  }
}
