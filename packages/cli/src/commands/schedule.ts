import {
  EXIT,
  HiveError,
  scheduleInputSchema,
  type Kind,
  type ScheduledRun,
  type ScheduleInput,
  type ShownSchedule,
} from '@hive/contract';
import { Argument, type Command } from 'commander';
import { durationOption, intensityOption, rateOption } from '../arguments/option.js';
import { addAskingOptions, ask, type Asking, type AskingOptions } from '../asking.js';
import { addFleetOption, askedRegions, type SendingOptions } from '../fleet-load.js';

interface ScheduleOptions extends AskingOptions, Pick<SendingOptions, 'fleet' | 'onLostBee'> {
  do?: 'check' | 'train' | 'verify' | 'run';
  every?: string;
  cron?: string;
  timeZone?: string;
  kinds?: string;
  budget?: number;
  at?: number;
  for?: number;
  intensity?: number;
}

const ACTIONS = ['list', 'add', 'run', 'on', 'off', 'remove'] as const;
type Action = (typeof ACTIONS)[number];

const EXAMPLES = `
Examples:
  hive schedule                                                   what is scheduled, and how it went
  hive schedule add shop --every 5m                               five requests every five minutes
  hive schedule add shop --do train --cron '0 3 * * *' --time-zone Europe/Berlin
  hive schedule add shop --do verify --at 300/s --for 60s --cron '0 4 * * 1'
  hive schedule run sch_…                                         now, besides its times
  hive schedule off sch_…

It goes to the running Hive. docs/schedules.md explains checks and what they find.`;

export function define(command: Command, done: (exitCode: number) => void): void {
  command
    .addArgument(new Argument('[action]', 'what to do').choices(ACTIONS).default('list'))
    .argument('[which]', 'the target of add, else the id of the schedule')
    .option('--do <what>', 'check, train, verify or run (default: check)')
    .option('--every <duration>', 'again and again, such as 5m or 1h')
    .option('--cron <fields>', "at these times, such as '0 3 * * *'")
    .option('--time-zone <name>', 'of cron, such as Europe/Berlin (default: UTC)')
    .option('--kinds <list>', 'what train measures, parted by commas, or all')
    .option('--budget <duration>', 'what train may take, such as 4m', durationOption)
    .option('--at <rate>', 'what verify asks, such as 300/s', rateOption)
    .option('--for <duration>', 'how long verify must hold it (default: 60s)', durationOption)
    .option('--intensity <number>', 'of run (default: the safe one)', intensityOption)
    .addHelpText('after', EXAMPLES)
    .action(async (action: Action, which: string | undefined, options: ScheduleOptions) =>
      done(await schedule(action, which, options)),
    );
  addAskingOptions(addFleetOption(command));
}

async function schedule(action: Action, which: string | undefined, options: ScheduleOptions): Promise<number> {
  if (action === 'list') return list(await ask(options), which);
  if (which === undefined) {
    const missing = action === 'add' ? 'the id of a target' : 'the id of a schedule';
    throw new HiveError('validation', `hive schedule ${action} needs ${missing}`, { hint: 'see hive schedule --help' });
  }
  const input = action === 'add' ? inputOf(which, options) : null;
  const asking = await ask(options);
  if (input !== null) {
    const made = await asking.client.call('createSchedule', { body: input });
    asking.show({ schedule: made }, [
      `Scheduled ${made.id}: ${made.what.type} ${made.target}, next at ${made.nextAt}.`,
    ]);
  } else if (action === 'run') {
    const run = await asking.client.call('runSchedule', { params: { id: which } });
    asking.show({ run }, [`Started. See hive schedule list.`]);
  } else if (action === 'remove') {
    const answer = await asking.client.call('deleteSchedule', { params: { id: which } });
    asking.show(answer, [`Removed ${which}.`]);
  } else await turn(asking, which, action === 'on');
  return EXIT.passed;
}

async function list({ client, show }: Asking, target: string | undefined): Promise<number> {
  const { schedules } = await client.call('listSchedules', { query: { target } });
  show({ schedules }, schedules.length === 0 ? ['Nothing is scheduled.'] : schedules.map(lineOf));
  return EXIT.passed;
}

async function turn({ client, show }: Asking, id: string, on: boolean): Promise<void> {
  const { target, what, when, timeZone } = await client.call('getSchedule', { params: { id } });
  const body: ScheduleInput = { target, what, when, timeZone, on };
  const changed = await client.call('replaceSchedule', { params: { id }, body });
  show({ schedule: changed }, [on ? `${id} is on, next at ${changed.nextAt}.` : `${id} is off.`]);
}

/** @throws HiveError `validation` naming the options. */
function inputOf(target: string, options: ScheduleOptions): ScheduleInput {
  const { every, cron, timeZone } = options;
  if ((every === undefined) === (cron === undefined))
    throw new HiveError('validation', 'write either --every or --cron', { hint: 'see hive schedule --help' });
  const when = cron ?? `every ${every}`;
  const result = scheduleInputSchema.safeParse({ target, what: whatOf(options), when, timeZone });
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new HiveError('validation', problems.join('; '), { hint: 'see hive schedule --help' });
}

function whatOf({ do: type = 'check', kinds, budget, at, for: forMs, intensity, ...from }: ScheduleOptions): unknown {
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1_000);
  const sending = { regions: askedRegions(from.fleet), onLostBee: from.onLostBee };
  switch (type) {
    case 'train':
      return { type, kinds: kinds === 'all' ? kinds : kinds?.split(','), budgetSeconds: seconds(budget), ...sending };
    case 'verify':
      return { type, atPerSecond: at, forSeconds: seconds(forMs), ...sending };
    case 'run':
      return { type, kind: kinds as Kind | undefined, intensity, ...sending };
    default:
      return { type, regions: sending.regions };
  }
}

function lineOf({ id, target, what, when, timeZone, on, last, stale }: ShownSchedule): string {
  const zone = when.startsWith('every') ? '' : ` ${timeZone}`;
  const state = on ? lastOf(last, stale) : 'off';
  return `${id}  ${target}  ${what.type}  ${when}${zone}  ${state}`;
}

function lastOf(last: ScheduledRun | null, stale: boolean): string {
  const found = last === null ? 'has not run yet' : `${last.result} at ${last.startedAt}`;
  const why = last?.reason ? `: ${last.reason}` : '';
  return `${found}${why}${stale ? ' (stale: its last two times have no result)' : ''}`;
}
